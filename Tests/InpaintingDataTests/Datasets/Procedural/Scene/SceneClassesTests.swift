import Imaging
import Testing

@testable import InpaintingData

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
