import Testing

@testable import Imaging

struct ResolutionTests {
  @Test func `Square pixels and numbers below 1 say nothing`() {
    #expect(Resolution(horizontal: 1, vertical: 1, unit: .none) == nil)
    #expect(Resolution(horizontal: 0, vertical: 72, unit: .inch) == nil)
    #expect(Resolution(horizontal: 1, vertical: 1, unit: .inch) != nil)
  }

  @Test(
    arguments: [
      (300, Resolution.Unit.inch, 1, 300), (118, .centimeter, 2, 118), (11_811, .meter, 1, 300), (2835, .meter, 1, 72),
      (11_800, .meter, 2, 118), (3780, .meter, 1, 96),
    ])
  func `JFIF has inches and centimeters`(number: Int, unit: Resolution.Unit, code: Int, written: Int) throws {
    let jfif = try #require(Resolution(horizontal: number, vertical: number, unit: unit)?.jfif)
    #expect((Int(jfif.unit), Int(jfif.horizontal), Int(jfif.vertical)) == (code, written, written))
  }

  @Test func `PNG has meters and proportions`() throws {
    func png(_ unit: Resolution.Unit) throws -> [UInt32] {
      let png = try #require(Resolution(horizontal: 300, vertical: 150, unit: unit)?.png)
      return [UInt32(png.unit), png.horizontal, png.vertical]
    }
    #expect(try png(.inch) == [1, 11_811, 5906])
    #expect(try png(.centimeter) == [1, 30_000, 15_000])
    #expect(try png(.meter) == [1, 300, 150])
    #expect(try png(.none) == [0, 300, 150])
  }

  @Test func `Numbers that a format has no room for are none`() {
    #expect(Resolution(horizontal: 70_000, vertical: 70_000, unit: .inch)?.jfif == nil)
    #expect(Resolution(horizontal: 7, vertical: 7, unit: .meter)?.jfif == nil)
    #expect(Resolution(horizontal: Int(UInt32.max), vertical: 1, unit: .meter)?.png == nil)
  }
}
