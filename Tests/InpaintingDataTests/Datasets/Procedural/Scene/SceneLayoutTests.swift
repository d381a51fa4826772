import Imaging
import Tensors
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct SceneLayoutTests {
  @Test func `Radii have a density of r^-3`() {
    var stream = RandomStream(seed: 1, purpose: "test")
    let radii = (0..<20_000).map { _ in SceneLayout.radius(from: 0.01, to: 0.16, using: &stream) }
    #expect(radii.allSatisfy { (0.01...0.16).contains($0) })
    // Twice the radius, a quarter of the objects above it.
    let above = [0.02, 0.04, 0.08].map { limit in Double(radii.filter { $0 > limit }.count) / 20_000 }
    let expected = [0.02, 0.04, 0.08].map { (1e-4 / ($0 * $0) - 1.0 / 256) / (1 - 1.0 / 256) }
    for (found, wanted) in zip(above, expected) { #expect(abs(found - wanted) < 0.01) }
  }
}

@Suite struct SceneClassesTests {
  @Test func `A class tells the ground or the outline, and the paint`() {
    for index in 0..<30 {
      let layout = SceneLayout(seed: 7, index: index)
      let names = layout.surfaceClasses
      #expect(names.count == layout.ground.surfaces + layout.objects.count)
      #expect(names.prefix(layout.ground.surfaces).allSatisfy { $0.hasSuffix(" ground") })
      for (object, name) in zip(layout.objects, names.dropFirst(layout.ground.surfaces)) {
        let words = name.split(separator: " ")
        switch object.outline {
        case .disc: #expect(words.last == "disc")
        case .box: #expect(words.last == "box")
        case .blob: #expect(words.last == "blob")
        case .leaf: #expect(name == "leaf")
        }
        if words.count == 2 {
          #expect((words[0] == "plain") == [.gradient, .stone, .marble].contains(object.material.kind))
        }
      }
    }
  }

  @Test func `Every class has a part of the scenes, and none has most`() {
    var shares = [Double](repeating: 0, count: LabelClasses.procedural.count)
    let count = 200
    for index in 0..<count {
      let labels = ProceduralScene(seed: 1, index: index, size: 24).labels.shares()
      for (index, share) in labels.classes.enumerated() { shares[index] += share / Double(count) }
    }
    for (share, entry) in zip(shares, LabelClasses.procedural.classes) {
      #expect((0.015...0.2).contains(share), "\(entry.name): \(share)")
    }
  }
}
