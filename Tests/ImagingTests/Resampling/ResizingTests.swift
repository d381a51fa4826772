import Testing

@testable import Imaging

struct ResizingTests {
  private let picture = Picture(
    width: 7, height: 5, channels: 1,
    pixels: [
      10, 200, 30, 40, 250, 60, 70,
      0, 255, 128, 64, 32, 16, 8,
      90, 80, 70, 60, 50, 40, 30,
      1, 3, 5, 7, 11, 13, 17,
      255, 0, 255, 0, 255, 0, 255,
    ])

  @Test(
    "Values are Pillow's, smaller and larger",
    arguments: [
      (ResamplingFilter.nearest, [255, 64, 16, 3, 7, 13], [90, 70, 50, 30]),
      (.bilinear, [105, 78, 50, 72, 59, 62], [85, 69, 51, 35]),
      (.bicubic, [104, 81, 46, 72, 60, 62], [86, 69, 51, 34]),
      (.lanczos3, [100, 84, 41, 75, 57, 61], [86, 69, 51, 34]),
    ] as [(ResamplingFilter, [UInt8], [UInt8])])
  func reference(filter: ResamplingFilter, smaller: [UInt8], middleRowOfLarger: [UInt8]) {
    #expect(picture.resized(toWidth: 3, height: 2, filter: filter).pixels == smaller)
    let larger = picture.resized(toWidth: 4, height: 7, filter: filter)
    #expect((0..<4).map { larger.pixel($0, 3)[0] } == middleRowOfLarger)
  }

  @Test("A picture of one color stays so, whatever the size", arguments: ResamplingFilter.allCases)
  func constant(filter: ResamplingFilter) {
    for (width, height) in [(1, 1), (2, 31), (64, 3), (13, 7), (5, 11)] {
      let flat = Picture(width: 13, height: 7, filledWith: [0, 131, 255])
      #expect(
        flat.resized(toWidth: width, height: height, filter: filter)
          == Picture(width: width, height: height, filledWith: [0, 131, 255]))
    }
  }

  @Test func `Shrinking counts every pixel`() {
    // One white pixel of 100: without antialiasing it would be missed or taken for all.
    var pixels = [UInt8](repeating: 0, count: 100)
    pixels[33] = 255
    let point = Picture(width: 10, height: 10, channels: 1, pixels: pixels).resized(toWidth: 1, height: 1)
    #expect((1...8).contains(point.pixels[0]))
  }

  @Test func `Channels and opacities are resized each on their own`() {
    let picture = Picture.noise(width: 11, height: 9, channels: 3, hasAlpha: true)
    let resized = picture.resized(toWidth: 6, height: 14, filter: .bicubic)
    func plane(_ values: [UInt8]) -> [UInt8] {
      Picture(width: 11, height: 9, channels: 1, pixels: values).resized(toWidth: 6, height: 14, filter: .bicubic)
        .pixels
    }
    for channel in 0..<3 {
      let values = (0..<99).map { picture.pixels[3 * $0 + channel] }
      #expect((0..<84).map { resized.pixels[3 * $0 + channel] } == plane(values))
    }
    #expect(resized.alpha == plane(picture.alpha!))
  }

  @Test func `The same size is the same picture`() {
    #expect(picture.resized(toWidth: 7, height: 5, filter: .lanczos3) == picture)
  }

  @Test func `Overshoot is cut off at black and white`() {
    let edge = Picture(width: 4, height: 1, channels: 1, pixels: [0, 0, 255, 255])
    let sharp = edge.resized(toWidth: 16, height: 1, filter: .lanczos3)
    #expect(sharp.pixels.min() == 0 && sharp.pixels.max() == 255)
    #expect(sharp.pixels.prefix(6).allSatisfy { $0 < 40 })
  }
}

struct ResamplingFilterTests {
  @Test(arguments: [ResamplingFilter.bilinear, .bicubic, .lanczos3])
  func `A filter is one at its center, zero at other pixels and symmetric`(filter: ResamplingFilter) {
    #expect(filter.weight(at: 0) == 1)
    for distance in 1...4 { #expect(abs(filter.weight(at: Double(distance))) < 1e-12) }
    #expect(filter.weight(at: -0.3) == filter.weight(at: 0.3))
    #expect(filter.weight(at: filter.radius + 0.01) == 0)
  }

  @Test func `The cubic is that of Keys`() {
    #expect(abs(ResamplingFilter.bicubic.weight(at: 0.5) - 0.5625) < 1e-12)
    #expect(abs(ResamplingFilter.bicubic.weight(at: 1.5) + 0.0625) < 1e-12)
  }
}

struct ResamplingWeightsTests {
  @Test("Weights add up to one and stay within the source", arguments: ResamplingFilter.allCases)
  func weights(filter: ResamplingFilter) {
    for (source, target) in [(1, 1), (1, 9), (9, 1), (481, 384), (7, 1000), (1000, 7), (3, 2)] {
      let weights = ResamplingWeights(from: source, to: target, filter: filter)
      #expect(weights.spans.count == target)
      for (index, span) in weights.spans.enumerated() {
        #expect(span.first >= 0 && span.count > 0 && span.first + span.count <= source)
        #expect(span.count <= weights.stride)
        let sum = weights.weights[index * weights.stride..<(index + 1) * weights.stride].reduce(0, +)
        #expect(abs(sum - 1 << ResamplingWeights.fractionBits) <= Int32(span.count))
      }
    }
  }
}
