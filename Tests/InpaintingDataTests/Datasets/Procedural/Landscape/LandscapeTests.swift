import Imaging
import Testing

@testable import InpaintingData

@Suite struct LandscapeTests {
  @Test func `every class has a part of the landscapes, and none has most`() {
    var shares = [Double](repeating: 0, count: LabelClasses.proceduralLandscapes.count)
    let count = 200
    for index in 0..<count {
      let labels = ProceduralScene(.landscapes, seed: 1, index: index, size: 24).labels.shares()
      for (index, share) in labels.classes.enumerated() { shares[index] += share / Double(count) }
    }
    for (share, entry) in zip(shares, LabelClasses.proceduralLandscapes.classes) {
      #expect((0.02...0.45).contains(share), "\(entry.name): \(share)")
    }
  }

  @Test func `the foremost part owns its pixels`() {
    for index in 0..<4 {
      let parts = Landscape(seed: 3, index: index).parts
      let surfaces = ProceduralScene(.landscapes, seed: 3, index: index, size: 48).surfaces
      for pixel in 0..<48 * 48 {
        let point = Point(Float(pixel % 48) + 0.5, Float(pixel / 48) + 0.5) / 48
        #expect(parts.lastIndex { $0.form.distance(at: point) <= 0 } == Int(surfaces[pixel]))
      }
    }
  }

  @Test func `the sky is above the meadow, and roofs are on walls`() {
    for index in 0..<30 {
      let labels = ProceduralScene(.landscapes, seed: 9, index: index, size: 32).labels
      func meanRow(_ name: String) -> Double? {
        let id = labels.classes.index(named: name)
        let rows = labels.values.indices.filter { labels.values[$0] == id }.map { Double($0 / 32) }
        return rows.isEmpty ? nil : rows.reduce(0, +) / Double(rows.count)
      }
      if let sky = meanRow("sky"), let meadow = meanRow("meadow") { #expect(sky < meadow) }
      let parts = Landscape(seed: 9, index: index).parts
      for (wall, roof) in zip(parts, parts.dropFirst()) where roof.className == "roof" {
        #expect(wall.className == "wall")
        // A point under the middle of the ridge is in the roof or beneath it in the wall, all the way down.
        if case .roof(let ridge, let eaves, _, _) = roof.form {
          #expect(roof.form.distance(at: Point(ridge.x, eaves - 0.002)) < 0)
          #expect(wall.form.distance(at: Point(ridge.x, eaves + 0.002)) < 0)
        }
      }
    }
  }

  @Test func `a class tells its color`() {
    // The mean green of a meadow is above its blue, and the other way round of the sky and the water.
    var sums: [String: SIMD3<Double>] = [:]
    for index in 0..<60 {
      let scene = ProceduralScene(.landscapes, seed: 2, index: index, size: 32)
      for (pixel, id) in scene.labels.values.enumerated() {
        let color = SIMD3((0..<3).map { Double(scene.picture.pixels[3 * pixel + $0]) })
        sums[scene.labels.classes.classes[Int(id)].name, default: .zero] += color
      }
    }
    func color(_ name: String) -> SIMD3<Double> { (sums[name] ?? .zero) / ((sums[name] ?? .one).sum() / 3) }
    #expect(color("meadow").y > color("meadow").z + 0.2 && color("tree").y > color("tree").z + 0.2)
    #expect(color("sky").z > color("sky").x && color("water").z > color("water").x + 0.4)
    #expect(color("roof").x > color("roof").z + 0.5 && color("path").x > color("path").z + 0.1)
  }
}
