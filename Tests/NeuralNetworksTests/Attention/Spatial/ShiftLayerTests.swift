import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ShiftLayerTests {
  /// A hole of the size of the features; cells are counted row by row.
  private static func hole(_ batch: [[Int]], _ height: Int, _ width: Int) -> Tensor {
    var hole = Tensor.zeros([batch.count, height, width, 1])
    hole.withMutableElements { elements in
      for (sample, cells) in batch.enumerated() {
        for cell in cells { elements[sample * height * width + cell] = 1 }
      }
    }
    return hole
  }

  /// The cells that features come from, as numbers; a cell that gets none has its own.
  private static func sources(_ map: AttentionMap) -> [Int] {
    map.offsets.enumerated().map { $0 + $1.x + $1.y * map.width }
  }

  private static let decoder = Tensor.noise("decoder", [2, 5, 6, 4])
  private static let skip = Tensor.noise("skip", [2, 5, 6, 4])
  /// Five cells of the first picture, one of the second.
  private static let holes = hole([[7, 8, 13, 14, 29], [0]], 5, 6)
  private let layer = ShiftLayer()

  /// The third part alone.
  private func shifted(_ layer: ShiftLayer, _ decoder: Tensor, _ skip: Tensor, _ hole: Tensor) -> Tensor {
    let channels = skip.shape[3]
    return layer(decoder, skip: skip, hole: hole).sliced(axis: -1, 2 * channels..<3 * channels)
  }

  @Test func `features are shifted as published`() {
    let x = GoldenFill.features(1, 6, 4, 4)
    let hole = Self.hole([[5, 6, 9, 10]], 4, 4)
    func shift(_ x: Tensor) -> Tensor {
      layer(x.sliced(axis: -1, 0..<3), skip: x.sliced(axis: -1, 3..<6), hole: hole)
    }
    let (value, slope) = (shift(x), gradient(at: x) { dot(shift($0), GoldenFill.cotangent(ofFeatures: [1, 4, 4, 9])) })
    let golden = GoldenValue(sum: 9.4457859246, squares: 53.4445960923)
    #expect(value.shape == [1, 4, 4, 9])
    #expect(golden.difference(fromFeatures: value) < GoldenValue.tolerance)
    let goldenSlope = GoldenValue(sum: 2.4121171048, squares: 52.5292149112, first: 1, last: -0.9900550673)
    #expect(goldenSlope.difference(fromFeatures: slope) < GoldenValue.tolerance)
    let maps = layer.argmaxMaps(x.sliced(axis: -1, 0..<3), skip: x.sliced(axis: -1, 3..<6), hole: hole)
    #expect(Self.sources(maps[0]) == [0, 1, 2, 3, 4, 8, 8, 7, 8, 12, 13, 11, 12, 13, 14, 15])
  }

  @Test func `each missing cell gets the known feature of the largest cosine, others get none`() {
    let found = layer(Self.decoder, skip: Self.skip, hole: Self.holes)
    #expect(areIdentical(found.sliced(axis: -1, 0..<4).elements, Self.decoder.elements))
    #expect(areIdentical(found.sliced(axis: -1, 4..<8).elements, Self.skip.elements))
    for sample in 0..<2 {
      for cell in 0..<30 {
        func feature(_ x: Tensor, _ cell: Int, _ first: Int = 0) -> [Double] {
          (first..<first + 4).map { Double(x[sample, cell / 6, cell % 6, $0]) }
        }
        func isMissing(_ cell: Int) -> Bool { Self.holes[sample, cell / 6, cell % 6, 0] == 1 }
        func cosine(_ key: Int) -> Double {
          let (left, right) = (feature(Self.decoder, cell), feature(Self.skip, key))
          func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
          return product(left, right) / (product(left, left) * product(right, right)).squareRoot()
        }
        let best = (0..<30).filter { !isMissing($0) }.max { cosine($0) < cosine($1) }!
        let expected = isMissing(cell) ? feature(Self.skip, best) : [0, 0, 0, 0]
        #expect(feature(found, cell, 8) == expected)
      }
    }
  }

  @Test func `pictures of a batch may have holes of different sizes`() {
    let both = layer(Self.decoder, skip: Self.skip, hole: Self.holes)
    for sample in 0..<2 {
      let range = sample..<sample + 1
      let alone = layer(
        Self.decoder.sliced(axis: 0, range), skip: Self.skip.sliced(axis: 0, range),
        hole: Self.holes.sliced(axis: 0, range))
      #expect(areIdentical(both.sliced(axis: 0, range).elements, alone.elements))
    }
  }

  @Test func `one hole serves the whole batch`() {
    let hole = Self.holes.sliced(axis: 0, 0..<1)
    let twice = concatenate([hole, hole], axis: 0)
    #expect(
      areIdentical(
        layer(Self.decoder, skip: Self.skip, hole: hole).elements,
        layer(Self.decoder, skip: Self.skip, hole: twice).elements))
  }

  @Test(arguments: [Array(0..<30), []])
  func `where nothing is known, or nothing missing, nothing is shifted`(_ cells: [Int]) {
    let hole = Self.hole([cells], 5, 6)
    #expect(shifted(layer, Self.decoder, Self.skip, hole).elements.allSatisfy { $0 == 0 })
    let maps = layer.argmaxMaps(Self.decoder, skip: Self.skip, hole: hole)
    #expect(maps.count == 2 && maps.allSatisfy { Self.sources($0) == Array(0..<30) })
  }

  @Test func `features of zeros, as after a ReLU, are no trouble`() {
    let decoder = Tensor.zeros([2, 5, 6, 4])
    let skip = relu(Self.skip - 2)
    let inputs = [decoder, skip]
    let slopes = gradient(at: inputs) { square(layer($0[0], skip: $0[1], hole: Self.holes) - 1).sum() }
    #expect(layer(decoder, skip: skip, hole: Self.holes).elements.allSatisfy { $0 == 0 })
    #expect(slopes.allSatisfy { $0.elements.allSatisfy { $0.isFinite } })
    // All are as like: the first known cell wins.
    let map = layer.argmaxMaps(decoder, skip: Self.skip, hole: Self.holes)[1]
    #expect(Self.sources(map)[0] == 1)
  }

  @Test func `of equal features the first wins`() {
    let skip = concatenate((0..<30).map { _ in Tensor.wave([1, 1, 1, 4]) }, axis: 1).reshaped(to: [1, 5, 6, 4])
    let map = layer.argmaxMaps(
      Self.decoder.sliced(axis: 0, 0..<1), skip: skip, hole: Self.hole([[0, 1, 20, 29]], 5, 6))[0]
    let sources = Self.sources(map)
    #expect([0, 1, 20, 29].map { sources[$0] } == [2, 2, 2, 2])
  }

  @Test func `the encoder's gradient is its own part and what was shifted from it`() {
    let cotangent = Tensor.noise("cotangent", [2, 5, 6, 12])
    let slopes = gradient(at: [Self.decoder, Self.skip]) {
      dot(layer($0[0], skip: $0[1], hole: Self.holes), cotangent)
    }
    #expect(areIdentical(slopes[0].elements, cotangent.sliced(axis: -1, 0..<4).elements))
    var expected = cotangent.sliced(axis: -1, 4..<8).elements
    for (sample, map) in layer.argmaxMaps(Self.decoder, skip: Self.skip, hole: Self.holes).enumerated() {
      for (cell, source) in Self.sources(map).enumerated() where source != cell {
        for channel in 0..<4 {
          expected[(sample * 30 + source) * 4 + channel] += cotangent[sample, cell / 6, cell % 6, 8 + channel]
        }
      }
    }
    #expect(largestDifference(slopes[1].elements, expected) < tolerance(1e-6, 1e-14))
  }

  @Test func `the triple weight counts on the way back alone`() {
    var options = ShiftLayer.Options()
    options.tripleWeight = 2.5
    let weighted = ShiftLayer(options: options)
    func slope(_ layer: ShiftLayer) -> Tensor {
      gradient(at: Self.skip) { dot(shifted(layer, Self.decoder, $0, Self.holes), .wave([2, 5, 6, 4])) }
    }
    #expect(slope(weighted).largestDifference(from: slope(layer) * 2.5) < tolerance(1e-6, 1e-14))
    let values = [weighted, layer].map { $0(Self.decoder, skip: Self.skip, hole: Self.holes).elements }
    #expect(areIdentical(values[0], values[1]))
  }

  @Test func `gradients of order 1 and 2 agree with finite differences`() {
    // Far enough from where another cell would be more like.
    let (decoder, skip) = (Tensor.noise("far", [1, 2, 3, 2]), Tensor.noise("apart", [1, 2, 3, 2]))
    let hole = Self.hole([[1, 5]], 2, 3)
    let error = GradientCheck.largestError(at: [decoder, skip]) { square(layer($0[0], skip: $0[1], hole: hole)) }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `a large hole becomes one of cells by their upper left pixels`() {
    var hole = Tensor.zeros([1, 4, 6, 1])
    hole.withMutableElements {
      $0[0] = 1
      $0[2 * 6 + 4] = 0.5
      $0[3 * 6 + 3] = 1
    }
    #expect(layer.missingPositions(of: hole, height: 2, width: 3).elements == [1, 0, 0, 0, 0, 0])
    var options = ShiftLayer.Options()
    options.threshold = 0.5
    let cells = ShiftLayer(options: options).missingPositions(of: hole, height: 2, width: 3)
    #expect(cells.elements == [1, 0, 0, 0, 0, 1])
    let (decoder, skip) = (Tensor.noise("decoder", [1, 2, 3, 2]), Tensor.noise("skip", [1, 2, 3, 2]))
    #expect(
      layer(decoder, skip: skip, hole: hole).elements
        == layer(decoder, skip: skip, hole: Self.hole([[0]], 2, 3)).elements)
  }

  @Test func `what cannot be built is said beforehand`() {
    var options = ShiftLayer.Options()
    #expect(ShiftLayer.problem(options: options) == nil)
    options.threshold = 0
    #expect(ShiftLayer.problem(options: options)?.contains("threshold (0.0)") == true)
    options.threshold = 1
    options.tripleWeight = .nan
    #expect(ShiftLayer.problem(options: options)?.contains("triple_weight (nan)") == true)
  }
}

@Suite struct ShiftTargetLossTests {
  private let features = Tensor.noise("features", [2, 2, 3, 2])
  private let target = Tensor.noise("target", [2, 2, 3, 2])
  /// Two cells of the first picture, one of the second.
  private let hole = Tensor([1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], shape: [2, 2, 3, 1])

  @Test func `it is the squared distance of a missing cell's features, in the mean`() {
    let first = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
    let second = Tensor([0, 0, 1, 9], shape: [1, 1, 2, 2])
    let hole = Tensor([0, 1], shape: [1, 1, 2, 1])
    #expect(shiftGuidanceLoss(first, target: second, hole: hole).scalar == 29)
    #expect(shiftGuidanceLoss(first, target: second, hole: .ones([1, 1, 2, 1])).scalar == 17)
  }

  @Test func `known cells get no gradient, and the target gets none`() {
    let slopes = gradient(at: [features, target]) { shiftGuidanceLoss($0[0], target: $0[1], hole: hole) }
    let expected = (features - target) * hole * 2 / 3
    #expect(slopes[0].largestDifference(from: expected) < tolerance(1e-6, 1e-14))
    #expect(slopes[0].elements.filter { $0 != 0 }.count == 6)
    #expect(slopes[1].elements.allSatisfy { $0 == 0 })
  }

  @Test func `without missing cells it is zero, and so is its gradient`() {
    let (value, slopes) = valueWithGradient(at: [features]) {
      shiftGuidanceLoss($0[0], target: target, hole: .zeros([1, 2, 3, 1]))
    }
    #expect(value.scalar == 0 && slopes[0].elements.allSatisfy { $0 == 0 })
  }

  @Test func `one hole serves the whole batch, and is counted for each picture`() {
    let one = hole.sliced(axis: 0, 0..<1)
    let shared = shiftGuidanceLoss(features, target: target, hole: one)
    let tiled = shiftGuidanceLoss(features, target: target, hole: concatenate([one, one], axis: 0))
    #expect(abs(shared.scalar - tiled.scalar) < 1e-6)
  }

  @Test func `gradients of order 1 and 2 agree with finite differences`() {
    let error = GradientCheck.largestError(at: [features]) {
      square(shiftGuidanceLoss($0[0], target: target, hole: hole))
    }
    #expect(error < GradientCheck.tolerance)
  }
}
