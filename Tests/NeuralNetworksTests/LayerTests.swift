import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

/// One line a layer: the shape of its output, the names and shapes of its parameters, and its gradients of order 1 and 2
/// with respect to inputs and parameters, against finite differences.
@Suite struct LayerTests {
  struct Case: CustomTestStringConvertible, Sendable {
    typealias Function = ([Tensor]) -> Tensor

    let testDescription: String
    let inputs: [Tensor]
    let output: Shape
    let parameters: String
    /// The number of elements of each input and parameter that are compared.
    let samples: Int
    /// False if the steps that finite differences in `Float` need lead across kinks.
    let isCheckedInFloat: Bool
    /// A fresh module and the function of the inputs that it is.
    let make: @Sendable () -> (module: any Module, function: Function)

    init<M: Module>(
      _ name: String, _ inputs: [Tensor], _ output: Shape, _ parameters: String, samples: Int = .max,
      isCheckedInFloat: Bool = true, isTraining: Bool = false, fill: @escaping @Sendable (M) -> Void = Case.fill,
      _ module: @escaping @Sendable () -> M, apply: @escaping @Sendable (M, [Tensor]) -> Tensor
    ) {
      testDescription = name
      self.inputs = inputs
      self.output = output
      self.parameters = parameters
      self.samples = samples
      self.isCheckedInFloat = isCheckedInFloat
      make = {
        let module = module()
        fill(module)
        module.setTraining(isTraining)
        return (module, { apply(module, $0) })
      }
    }

    init<L: Layer>(
      _ name: String, _ x: Tensor, _ output: Shape, _ parameters: String, samples: Int = .max,
      isCheckedInFloat: Bool = true, isTraining: Bool = false, fill: @escaping @Sendable (L) -> Void = Case.fill,
      _ layer: @escaping @Sendable () -> L
    ) {
      self.init(
        name, [x], output, parameters, samples: samples, isCheckedInFloat: isCheckedInFloat, isTraining: isTraining,
        fill: fill, layer
      ) { $0($1[0]) }
    }

    /// Numbers without symmetry for every parameter.
    static func fill(_ module: some Module) { module.fillWithWaves(frequency: 1.7, scale: 0.6, offset: 0.3) }

    /// The attention and the layer after it in equal parts.
    static func mixEvenly(_ layer: SemanticPropagation) { layer.gamma.assign(Tensor(0.5)) }

    /// The numbers of published golden values, with features that keep clear of kinks.
    static func goldenFill(_ module: some PortedModule) { try! module.loadGoldenFill() }
  }

  /// Names and shapes of the parameters of a module and its direct submodules; of those further below, the submodule with
  /// the number of their elements.
  private static func summary(of module: any Module) -> String {
    var items: [(name: String, count: Int?, text: String)] = []
    for (name, parameter) in module.namedParameters {
      let parts = name.split(separator: ".")
      if parts.count <= 2 {
        items.append((name, nil, "\(name) \(parameter.shape)"))
      } else if let last = items.last, let count = last.count, last.name == String(parts[0]) {
        items[items.count - 1].count = count + parameter.shape.elementCount
      } else {
        items.append((String(parts[0]), parameter.shape.elementCount, ""))
      }
    }
    return items.map { item in item.count.map { "\(item.name) (\($0))" } ?? item.text }.joined(separator: ", ")
  }

  @Test(arguments: all)
  func `the output has the shape of the line, and the parameters its names and shapes`(_ line: Case) {
    let (module, function) = line.make()
    #expect(function(line.inputs).shape == line.output)
    #expect(Self.summary(of: module) == line.parameters)
  }

  @Test(arguments: all.filter { $0.isCheckedInFloat || GradientCheck.isExact })
  func `gradients of order 1 and 2 agree with finite differences`(_ line: Case) {
    let (module, function) = line.make()
    let error = GradientCheck.largestError(of: module, at: line.inputs, samples: line.samples, function: function)
    #expect(error < GradientCheck.tolerance)
  }
}

extension GradientCheck {
  /// The largest error of a module's gradient, and of that gradient's gradient, at its inputs and all its parameters
  /// together, those of several of them mixed too, against finite differences.
  ///
  /// - Parameters:
  ///   - samples: The number of elements of each input and of each parameter that are tried.
  ///   - function: The module's output by its inputs.
  static func largestError(
    of module: any Module, at inputs: [Tensor], samples: Int, function: ([Tensor]) -> Tensor
  ) -> Double {
    let arguments = inputs.map { Parameter($0) }
    let sources = arguments + module.parameters
    func scalar() -> Tensor { weighted([function(arguments.map(\.value))], frequency: 0.7) }
    let first = largestError(at: sources, samples: samples, of: scalar)
    guard orderBesideKinks > 1 else { return first }
    let second = largestError(at: sources, samples: samples) {
      weighted(valueWithGradient(at: sources, in: scalar).gradient, frequency: 1.4)
    }
    return max(first, second)
  }

  /// A sum in which every element of every tensor counts differently.
  private static func weighted(_ tensors: [Tensor], frequency: Double) -> Tensor {
    tensors.enumerated().reduce(Tensor(0)) { sum, item in
      sum + dot(item.element, .wave(item.element.shape, frequency: frequency, phase: 0.3 + Double(item.offset)))
    }
  }
}
