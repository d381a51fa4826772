import Imaging
import Testing

@testable import InpaintingData

@Suite struct ProceduralSceneTests {
  @Test(arguments: ProceduralScene.Kind.allCases)
  func `A scene is a pure function of kind, seed, index and size`(_ kind: ProceduralScene.Kind) {
    let scene = ProceduralScene(kind, seed: 1, index: 2, size: 48)
    #expect(scene == ProceduralScene(kind, seed: 1, index: 2, size: 48))
    #expect(scene != ProceduralScene(kind, seed: 1, index: 3, size: 48))
    #expect(scene != ProceduralScene(kind, seed: 2, index: 2, size: 48))
  }

  @Test(arguments: ProceduralScene.Kind.allCases)
  func `Another size shows the same scene`(_ kind: ProceduralScene.Kind) {
    for index in 0..<12 {
      let small = ProceduralScene(kind, seed: 5, index: index, size: 32).picture
      let large = ProceduralScene(kind, seed: 5, index: index, size: 128).picture.resized(toWidth: 32, height: 32)
      let other = ProceduralScene(kind, seed: 5, index: index + 100, size: 32).picture
      #expect(meanDifference(small, large) < 12)
      #expect(meanDifference(small, other) > 15)
    }
  }

  @Test(arguments: ProceduralScene.Kind.allCases)
  func `Scenes are varied, neither black nor white nor garish`(_ kind: ProceduralScene.Kind) {
    for index in 0..<40 {
      let pixels = ProceduralScene(kind, seed: 11, index: index, size: 32).picture.pixels.map(Double.init)
      let mean = pixels.reduce(0, +) / Double(pixels.count)
      let deviation = (pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pixels.count)).squareRoot()
      let burnt = pixels.filter { $0 == 0 || $0 == 255 }.count
      #expect((20...225).contains(mean))
      #expect(deviation > 5)
      for channel in 0..<3 {
        let values = stride(from: channel, to: pixels.count, by: 3).map { pixels[$0] }
        #expect(values.reduce(0, +) / Double(values.count) > 0.3 * mean)
      }
      #expect(Double(burnt) < 0.4 * Double(pixels.count))
    }
  }

  @Test func `Surfaces are the ground and the objects that can be seen`() {
    for index in 0..<20 {
      let scene = ProceduralScene(seed: 3, index: index, size: 64)
      let layout = SceneLayout(seed: 3, index: index)
      #expect(scene.surfaces.count == 64 * 64)
      #expect(scene.surfaces.allSatisfy { Int($0) < layout.ground.surfaces + layout.objects.count })
      #expect(Set(scene.surfaces).count > 1)
    }
  }

  @Test func `The foremost object owns its pixels`() throws {
    let layout = SceneLayout(seed: 3, index: 0)
    let surfaces = ProceduralScene(seed: 3, index: 0, size: 64).surfaces
    for pixel in 0..<64 * 64 {
      let point = Point(Float(pixel % 64) + 0.5, Float(pixel / 64) + 0.5) / 64
      let inside = layout.objects.firstIndex { $0.distance(at: point) <= 0 }
      let expected = inside.map { layout.ground.surfaces + $0 } ?? layout.ground.surface(at: point)
      #expect(Int(surfaces[pixel]) == expected)
    }
  }

  @Test func `Edges run where surfaces change`() {
    let scene = ProceduralScene(seed: 3, index: 1, size: 32)
    let edges = scene.edges
    #expect(edges.width == 32 && edges.height == 32)
    for row in 0..<31 {
      for column in 0..<31 {
        let surface = scene.surfaces[row * 32 + column]
        let changes =
          surface != scene.surfaces[row * 32 + column + 1] || surface != scene.surfaces[(row + 1) * 32 + column]
        #expect(edges.values[row * 32 + column] == (changes ? 1 : 0))
      }
    }
  }

  @Test(arguments: ProceduralScene.Kind.allCases)
  func `Labels are the classes of surfaces, at every size`(_ kind: ProceduralScene.Kind) {
    for index in 0..<6 {
      let scene = ProceduralScene(kind, seed: 3, index: index, size: 48)
      let classes =
        switch kind {
        case .objects: SceneLayout(seed: 3, index: index).surfaceClasses
        case .landscapes: Landscape(seed: 3, index: index).parts.map(\.className)
        }
      #expect(scene.labels.classes == kind.classes)
      let names = scene.labels.values.map { kind.classes.classes[Int($0)].name }
      #expect(names == scene.surfaces.map { classes[Int($0)] })
      let large = ProceduralScene(kind, seed: 3, index: index, size: 96).labels.resized(toWidth: 48, height: 48)
      let equal = zip(scene.labels.values, large.values).count { $0 == $1 }
      #expect(equal > 48 * 48 * 9 / 10)
    }
  }

  private func meanDifference(_ first: Picture, _ second: Picture) -> Double {
    zip(first.pixels, second.pixels).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(first.pixels.count)
  }
}
