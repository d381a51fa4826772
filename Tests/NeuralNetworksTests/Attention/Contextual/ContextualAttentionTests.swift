import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct ContextualAttentionTests {
  static let features = Tensor.noise("features", [2, 6, 8, 2])
  /// The first picture misses two positions, the second another one.
  static let holes: Tensor = {
    var holes = Tensor.zeros([2, 3, 4, 1])
    holes.withMutableElements {
      $0[0] = 1
      $0[1] = 1
      $0[12 + 11] = 1
    }
    return holes
  }()

  @Test(arguments: [true, false], [NearestRule.floor, .alignCorners])
  func `it is what the paper's loops compute`(_ fuses: Bool, _ rule: NearestRule) {
    let background = Tensor.noise("background", [2, 6, 8, 2])
    let found = ContextualAttention(fuses: fuses, nearestRule: rule)(
      Self.features, background: background, hole: Self.holes)
    for sample in 0..<2 {
      let expected = AttentionByLoops(
        foreground: Self.features.sliced(axis: 0, sample..<sample + 1),
        background: background.sliced(axis: 0, sample..<sample + 1),
        hole: Self.holes.sliced(axis: 0, sample..<sample + 1), fuses: fuses, rule: rule
      ).result
      let picture = found.sliced(axis: 0, sample..<sample + 1).elements
      let worst = zip(picture, expected).map { abs(Double($0) - $1) }.max()!
      #expect(worst < (GradientCheck.isExact ? 1e-11 : 2e-5))
    }
  }

  /// Grids (half the pictures) with and without an inside.
  static let grids = [[2, 3, 5], [1, 1, 4], [2, 4, 1], [1, 1, 1], [1, 6, 5]]

  static func holes(_ kind: String, _ grid: [Int]) -> Tensor {
    var holes = Tensor.zeros(grid + [1])
    holes.withMutableElements { elements in
      for index in elements.indices { elements[index] = kind == "all" || kind == "some" && index % 11 == 2 ? 1 : 0 }
    }
    return holes
  }

  @Test(arguments: grids, ["none", "some", "all"])
  func `values and gradients are those of products of patches`(_ grid: [Int], _ kind: String) {
    let shape = [grid[0], 2 * grid[1], 2 * grid[2], 3]
    let foreground = Tensor.noise("foreground", shape)
    let background = Tensor.noise("background", shape)
    let cotangent = Tensor.noise("cotangent", shape)
    let hole = Self.holes(kind, grid)
    for (fuses, rule) in [(true, NearestRule.alignCorners), (false, .floor), (true, .floor)] {
      let attention = ContextualAttention(fuses: fuses, nearestRule: rule)
      let reference = AttentionByPatches(fuses: fuses, nearestRule: rule)
      let own = attention(foreground, hole: hole)
      #expect(own.largestDifference(from: reference(foreground, hole: hole)) < tolerance(1e-5, 1e-13))
      let (slope, expectedSlope) = (
        gradient(at: foreground) { dot(attention($0, hole: hole), cotangent) },
        gradient(at: foreground) { dot(reference($0, hole: hole), cotangent) }
      )
      #expect(slope.largestDifference(from: expectedSlope) < tolerance(2e-4, 1e-12))
      let (slopes, expectedSlopes) = (
        gradient(at: [foreground, background]) { dot(attention($0[0], background: $0[1], hole: hole), cotangent) },
        gradient(at: [foreground, background]) { dot(reference($0[0], background: $0[1], hole: hole), cotangent) }
      )
      #expect(slopes[0].largestDifference(from: expectedSlopes[0]) < tolerance(2e-4, 1e-12))
      #expect(slopes[1].largestDifference(from: expectedSlopes[1]) < tolerance(2e-4, 1e-12))
    }
  }

  /// From one row at a time to the whole, where the ends of columns meet blocks at the other end of the picture.
  @Test(arguments: 0...17, [true, false])
  func `blocks of every size give the same`(_ rows: Int, _ fuses: Bool) {
    let features = Tensor.noise("features", [2, 32, 6, 2])
    let hole = Self.holes("some", [2, 16, 3])
    let cotangent = Tensor.noise("cotangent", features.shape)
    let whole = ContextualAttention(fuses: fuses)
    let expected = whole(features, hole: hole)
    let expectedSlope = gradient(at: features) { dot(whole($0, hole: hole), cotangent) }
    let matrices = [2, 6]
    for matrix in matrices {
      var blocks = whole
      blocks.scoreBytes = matrix * rows * 3 * 48 * MemoryLayout<Scalar>.stride
      #expect(blocks(features, hole: hole).largestDifference(from: expected) < tolerance(1e-5, 1e-13))
      let slope = gradient(at: features) { dot(blocks($0, hole: hole), cotangent) }
      #expect(slope.largestDifference(from: expectedSlope) < tolerance(2e-4, 1e-12))
      #expect(blocks.argmaxMaps(features, hole: hole) == whole.argmaxMaps(features, hole: hole))
    }
  }

  @Test(arguments: [true, false])
  func `the best matches are those with the largest weights`(_ fuses: Bool) {
    let features = Tensor.noise("features", [2, 6, 10, 3])
    let hole = Self.holes("some", [2, 3, 5])
    let found = ContextualAttention(fuses: fuses).argmaxMaps(features, hole: hole)
    let weights = AttentionByPatches(fuses: fuses).weights(features, hole: hole)
    let matches = weights.indicesOfMaxima()
    #expect(found.map(\.height) == [3, 3] && found.map(\.width) == [5, 5])
    let expected = matches.indices.map { index in
      let (position, match) = (index % 15, matches[index]!)
      return AttentionMap.Offset(x: match % 5 - position % 5, y: match / 5 - position / 5)
    }
    #expect(found.flatMap(\.offsets) == expected)
  }

  @Test func `where nothing is known nothing matches`() {
    let found = ContextualAttention().argmaxMaps(Self.features, hole: .ones([1, 3, 4, 1]))
    #expect(found.flatMap(\.offsets) == [AttentionMap.Offset](repeating: .init(x: 0, y: 0), count: 24))
  }

  @Test func `a repeated texture is found where it is`() {
    // The right half repeats the left one, whose own half is missing.
    let left = Tensor.noise("texture", [1, 16, 16, 4])
    let features = concatenate([left, left], axis: 2)
    var hole = Tensor.zeros([1, 8, 16, 1])
    hole.withMutableElements { $0[4 * 16 + 4] = 1 }
    let found = ContextualAttention(nearestRule: .floor).argmaxMaps(features, hole: hole)
    #expect(found[0].offsets[4 * 16 + 4] == .init(x: 8, y: 0))
  }

  @Test func `without a background, the foreground attends to itself`() {
    let attention = ContextualAttention()
    let own = attention(Self.features, hole: Self.holes)
    let given = attention(Self.features, background: Self.features, hole: Self.holes)
    #expect(own.elements == given.elements)
  }

  @Test func `one hole serves the whole batch`() {
    let hole = Self.holes.sliced(axis: 0, 0..<1)
    let shared = ContextualAttention()(Self.features, hole: hole)
    let tiled = ContextualAttention()(Self.features, hole: concatenate([hole, hole], axis: 0))
    #expect(shared.elements == tiled.elements)
  }

  @Test func `where nothing is known nothing is pasted`() {
    let result = ContextualAttention()(Self.features, hole: .ones([1, 3, 4, 1]))
    #expect(result.elements.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [true, false])
  func `gradients of order 1 and 2 agree with finite differences`(_ fuses: Bool) {
    let foreground = Tensor.noise("foreground", [1, 4, 4, 2], scale: 0.4)
    let background = Tensor.noise("background", [1, 4, 4, 2])
    let hole = Tensor.zeros([1, 2, 2, 1])
    // A mild softmax, for finite differences.
    let attention = ContextualAttention(fuses: fuses, nearestRule: .floor, scale: 1)
    let error = GradientCheck.largestError(at: [foreground, background]) {
      attention($0[0], background: $0[1], hole: hole)
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `gradients of order 1 and 2 through blocks agree with finite differences`() {
    let features = Tensor.noise("features", [1, 6, 4, 1], scale: 0.6)
    var attention = ContextualAttention(nearestRule: .floor, scale: 1)
    attention.scoreBytes = 0
    let error = GradientCheck.largestError(at: [features]) { [attention] in
      attention($0[0], hole: .zeros([1, 3, 2, 1]))
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `gradients beside a hole agree with finite differences`() {
    let features = Tensor.noise("features", [1, 8, 8, 1])
    var hole = Tensor.zeros([1, 4, 4, 1])
    hole.withMutableElements { $0[0] = 1 }
    let attention = ContextualAttention(scale: 2)
    let error = GradientCheck.largestError(at: [features], order: 1) { attention($0[0], hole: hole) }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `patches of zeros have a finite gradient`() {
    let slope = gradient(at: Tensor.zeros([1, 4, 4, 1])) {
      square(ContextualAttention()($0, hole: .zeros([1, 2, 2, 1])) - 1).sum()
    }
    #expect(slope.elements.allSatisfy { $0.isFinite })
  }
}
