import Testing

@testable import Imaging

struct SeamlessPasteTests {
  private let width = 96
  private let height = 80
  private let hole = Hole(width: 96, height: 80) { x, y in
    (x - 40) * (x - 40) + (y - 40) * (y - 40) < 500 || x > 80 && y < 30 && x < 90 || y == 70
  }

  /// A picture with slopes and some texture, far enough from black and white.
  private var picture: Picture {
    Picture(width: width, height: height) { x, y, channel in 90 + x / 3 + y / 4 + channel * 9 + (x * 7 + y * 13) % 11 }
  }

  private func changed(_ change: (_ x: Int, _ y: Int, _ channel: Int) -> Int) -> Picture {
    let picture = picture
    return Picture(width: width, height: height) { x, y, channel in
      Int(picture.pixels[(y * width + x) * 3 + channel]) + change(x, y, channel)
    }
  }

  private func largestDifference(_ first: Picture, _ second: Picture) -> Int {
    zip(first.pixels, second.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test(arguments: [nil, 5, Double.infinity])
  func `a prediction that is off by a constant becomes the picture`(length: Double?) {
    let prediction = changed { _, _, channel in [-30, 12, 55][channel] }
    let pasted = SeamlessPaste.paste(prediction, into: picture, hole: hole, decayLength: length, threads: 2)
    #expect(largestDifference(pasted, picture) <= 1)
    #expect(largestDifference(prediction, picture) == 55)
  }

  @Test func `a prediction that is off by a ramp becomes the picture if nothing decays`() {
    let prediction = changed { x, y, channel in
      Int((Double(x - 48) / 2 + Double((y - 40) * (channel - 1)) / 3).rounded())
    }
    // Beyond the picture's borders nothing says that the ramp goes on: the hole keeps away from them.
    let inner = Hole(width: width, height: height) { x, y in
      hole.isMissing(x: x, y: y) && (8..<width - 8).contains(x) && (8..<height - 8).contains(y)
    }
    let pasted = SeamlessPaste.paste(prediction, into: picture, hole: inner, decayLength: .infinity, threads: 1)
    #expect(largestDifference(pasted, picture) <= 1)
  }

  @Test func `known pixels, opacities and metadata are those of the picture`() {
    var picture = picture
    picture.alpha = (0..<width * height).map { UInt8($0 % 251) }
    let pasted = SeamlessPaste.paste(
      .noise(width: width, height: height, channels: 3), into: picture, hole: hole, threads: 2)
    #expect(pasted.alpha == picture.alpha && pasted.metadata == picture.metadata)
    #expect(picture.pixels.indices.allSatisfy { hole.values[$0 / 3] != 0 || pasted.pixels[$0] == picture.pixels[$0] })
  }

  @Test func `what the picture shows in the hole plays no part, nor does the number of threads`() {
    let prediction = Picture.noise(width: width, height: height, channels: 3)
    var other = picture
    for value in other.pixels.indices where hole.values[value / 3] != 0 { other.pixels[value] = 0 }
    let pasted = SeamlessPaste.paste(prediction, into: picture, hole: hole, threads: 1)
    #expect(SeamlessPaste.paste(prediction, into: other, hole: hole, threads: 3) == pasted)
  }

  @Test func `jumps at the rim become smaller`() {
    // Off by something smooth that a constant does not mend.
    let prediction = changed { x, y, _ in (x - 48) * (y - 40) / 40 }
    func seam(_ filled: Picture) -> Int {
      let picture = picture
      var sum = 0
      for y in 0..<height {
        for x in 1..<width where hole.isMissing(x: x, y: y) != hole.isMissing(x: x - 1, y: y) {
          let (right, left) = ((y * width + x) * 3, (y * width + x - 1) * 3)
          let own = Int(picture.pixels[right]) - Int(picture.pixels[left])
          sum += abs(Int(filled.pixels[right]) - Int(filled.pixels[left]) - own)
        }
      }
      return sum
    }
    var plain = picture
    for value in plain.pixels.indices where hole.values[value / 3] != 0 {
      plain.pixels[value] = prediction.pixels[value]
    }
    let pasted = SeamlessPaste.paste(prediction, into: picture, hole: hole, threads: 2)
    #expect(seam(pasted) * 5 < seam(plain))
  }

  @Test func `where nothing is known the prediction stays as it is`() {
    let all = Hole(width: width, height: height) { _, _ in true }
    let prediction = Picture.noise(width: width, height: height, channels: 3)
    #expect(SeamlessPaste.paste(prediction, into: picture, hole: all, threads: 2).pixels == prediction.pixels)
  }
}
