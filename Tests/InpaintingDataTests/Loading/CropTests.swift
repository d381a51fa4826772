import Imaging
import Tensors
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct CropTests {
  /// Red is the column, green the row.
  private func ramp(width: Int, height: Int) -> Picture {
    var picture = Picture(width: width, height: height, filledWith: [0, 0, 0])
    for row in 0..<height {
      for column in 0..<width {
        picture.pixels[(row * width + column) * 3] = UInt8(column)
        picture.pixels[(row * width + column) * 3 + 1] = UInt8(row)
      }
    }
    return picture
  }

  private func crop(_ crop: Crop, _ picture: Picture, size: Int, key: Int = 0) -> Picture {
    var stream = RandomStream(seed: 1, purpose: "test", sample: key)
    return crop.geometry(ofWidth: picture.width, height: picture.height, size: size, using: &stream).applied(
      to: picture)
  }

  @Test func `The center crop is the largest square in the middle`() {
    let wide = crop(.center, ramp(width: 60, height: 40), size: 40)
    #expect(wide == ramp(width: 60, height: 40).cropped(to: PixelRectangle(x: 10, y: 0, width: 40, height: 40)))
    let tall = crop(.center, ramp(width: 40, height: 60), size: 40)
    #expect(tall == ramp(width: 40, height: 60).cropped(to: PixelRectangle(x: 0, y: 10, width: 40, height: 40)))
  }

  @Test func `Random crops are near and far, and reach all four sides`() {
    var scales: [Double] = []
    var lowest = (255, 255)
    var highest = (0, 0)
    for key in 0..<300 {
      let part = crop(.random, ramp(width: 200, height: 160), size: 40, key: key)
      #expect(part.width == 40 && part.height == 40)
      let first = (Int(part.pixels[0]), Int(part.pixels[1]))
      let last = (Int(part.pixels[part.pixels.count - 3]), Int(part.pixels[part.pixels.count - 2]))
      scales.append(Double(last.0 - first.0) / 39)
      lowest = (min(lowest.0, first.0), min(lowest.1, first.1))
      highest = (max(highest.0, last.0), max(highest.1, last.1))
    }
    #expect(scales.min()! < 1.1 && scales.max()! > 3.5)
    #expect(lowest.0 < 8 && lowest.1 < 8 && highest.0 > 191 && highest.1 > 151)
  }

  @Test func `A share says how large random squares are`() {
    var sides: [Int] = []
    for key in 0..<300 {
      var stream = RandomStream(seed: 1, purpose: "test", sample: key)
      let geometry = Crop.random.geometry(
        ofWidth: 200, height: 160, size: 40, share: 0.25...0.75, using: &stream)
      sides.append(geometry.part.width)
      #expect(geometry.part.width == geometry.part.height && (geometry.width, geometry.height) == (40, 40))
    }
    #expect((40...43).contains(sides.min()!) && (117...120).contains(sides.max()!))
    #expect(abs(sides.reduce(0, +) / sides.count - 80) < 4)
  }

  @Test(arguments: Crop.allCases)
  func `A picture that is too small is enlarged`(kind: Crop) {
    let part = crop(kind, ramp(width: 7, height: 5), size: 32)
    #expect(part.width == 32 && part.height == 32)
    #expect(Set(part.pixels).count > 3)
  }

  @Test func `Resizing keeps the whole picture`() {
    let part = crop(.resize, ramp(width: 200, height: 100), size: 50)
    #expect(part.pixels[0] < 4 && part.pixels[49 * 3] > 195)
    #expect(part.pixels[1] < 4 && part.pixels[49 * 50 * 3 + 1] > 95)
  }
}
