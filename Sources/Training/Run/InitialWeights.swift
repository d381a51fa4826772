import Foundation
import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// Initialization of a new run's networks from pretrained weights.
extension LoadedModel {
  /// Checks that the weights are of the configuration's model, with equal values for all architecture settings that the
  /// file decides.
  ///
  /// - Throws: `Failure` of the kind `configuration` that names every difference, and the settings that remove them.
  func checkAgreement(with configuration: TrainingConfiguration) throws {
    guard name == configuration.modelName else {
      throw Failure(
        .configuration,
        "\(path): expected weights of \(configuration.modelName), the `model.name`, found those of \(name).")
    }
    let wanted = configuration.resolved["model"] ?? [:]
    let differences = plan.decidedKeys.compactMap { key -> (text: String, remedy: Setting)? in
      guard let own = plan.section[key], let other = wanted[key], own != other else { return nil }
      return ("model.\(key) is \(own.plain) there and \(other.plain) here", .key("model.\(key)", own.plain))
    }
    guard differences.isEmpty else {
      throw Failure(
        .configuration,
        sentence: """
          \(path): expected weights of the configuration's network, found those of another: \
          \(differences.map(\.text).joined(separator: ", ")); to train theirs, add \
          \(settings: differences.map(\.remedy)).
          """)
    }
  }

  /// Copies the weights into a newly initialized model. Networks that the file does not have keep their random
  /// initialization, with a warning.
  ///
  /// - Parameters:
  ///   - fresh: The configuration's model, newly initialized.
  ///   - console: Prints the source of the weights, and warnings.
  /// - Throws: `Failure` of the kind `configuration` as `checkAgreement(with:)`, and for parameters of another shape.
  func start(_ fresh: any InpaintingModel, as configuration: TrainingConfiguration, console: Console) throws {
    try checkAgreement(with: configuration)
    console.write(line: "weights    \(path): \(description)")
    for (network, target) in zip(model.networks, fresh.networks) {
      guard networks.contains(network.name) else {
        console.warn("\(path) has no \(network.name): it starts with fresh parameters")
        continue
      }
      try copy(network, to: target, console: console)
    }
  }

  /// Copies parameters and buffers by name, like `load_state_dict(strict=False)` in PyTorch, so that a network can be
  /// initialized from weights that were trained with more or fewer attention layers. Missing and unused names are
  /// warnings.
  private func copy(_ network: Network, to target: Network, console: Console) throws {
    let parameters = Dictionary(uniqueKeysWithValues: network.module.namedParameters.map { ($0.name, $0.parameter) })
    let buffers = Dictionary(uniqueKeysWithValues: network.module.namedBuffers.map { ($0.name, $0.buffer) })
    var fresh: [String] = []
    func source(_ name: String, _ found: Tensor?, _ shape: Shape) throws -> Tensor? {
      guard let found else {
        fresh.append(name)
        return nil
      }
      guard found.shape == shape else {
        throw Failure(
          .configuration,
          sentence: """
            \(path): expected shape \(shape) for \(network.name).\(name), to which `model.attention` lets features skip, \
            found \(found.shape); leave those skips out, or train without \
            \(setting: .initialWeights).
            """)
      }
      return found
    }
    for (name, parameter) in target.module.namedParameters {
      try source(name, parameters[name]?.value, parameter.shape).map { parameter.assign($0) }
    }
    for (name, buffer) in target.module.namedBuffers {
      try source(name, buffers[name]?.value, buffer.value.shape).map { buffer.value = $0 }
    }
    if !fresh.isEmpty {
      console.warn("\(path) has no \(fresh.joined(separator: ", ")): these start with fresh parameters")
    }
    let unused = Set(parameters.keys).union(buffers.keys)
      .subtracting(target.module.namedParameters.map(\.name) + target.module.namedBuffers.map(\.name))
    if !unused.isEmpty {
      console.warn("\(path): \(unused.sorted().joined(separator: ", ")) are not used by the configuration's network")
    }
  }
}

extension RunDirectory {
  /// Writes `initial_weights.json`: path, description, hash and networks of the initial weights. It is not changed
  /// afterwards.
  func noteStart(_ weights: LoadedModel) throws {
    let path = Path.resolved(weights.path) ?? weights.path
    let note: JSONValue = [
      "path": JSONValue(path), "description": JSONValue(weights.description), "hash": JSONValue(weights.hash),
      "networks": JSONValue(weights.networks.map { JSONValue($0) }),
    ]
    try FileWriter.writeAtomically(note.write(pretty: true) + "\n", to: initialWeights)
  }

  /// Checks that a run without a checkpoint can start over on resume. A run with initial weights that was stopped before
  /// its first checkpoint cannot: with random initialization it would be a different run.
  ///
  /// - Throws: `Failure` of the kind `data` if the directory has the record of initial weights.
  func refuseLostStart() throws {
    guard Path.exists(initialWeights) else { return }
    throw Failure(
      .data,
      sentence: """
        \(path): the run was stopped before its first checkpoint, and was to start from the weights that \
        \(initialWeights) names; remove the folder, and start it again with \(setting: .initialWeights).
        """)
  }
}

extension JSONValue {
  /// The text of the value as in an override on the command line: strings without quotes.
  fileprivate var plain: String {
    if case .string(let text) = content { text } else { write() }
  }
}
