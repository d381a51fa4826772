import Testing

@testable import Imaging

struct LabelClassesTests {
  private let classes = LabelClasses(
    name: "three",
    classes: [
      LabelClasses.LabelClass(name: "a", color: RGB(0, 0, 0)),
      LabelClasses.LabelClass(name: "b", color: RGB(255, 255, 255)),
      LabelClasses.LabelClass(name: "c", color: RGB(10, 20, 30)),
    ], firstID: 2, ignoredID: 7)

  @Test func `Ids in files count from the first, and two mean no class`() {
    #expect((0...8).map { classes.value(ofID: $0) } == [nil, nil, 0, 1, 2, nil, nil, 255, nil])
    #expect(classes.value(ofID: 255) == 255)
    #expect([0, 1, 2, 255].map { classes.id(ofValue: $0) } == [2, 3, 4, 7])
    #expect(classes.idsInWords == "2 to 4, and 7 or 255 for what is ignored")
  }

  @Test func `What is ignored has a gray that is no class's`() {
    #expect(classes.ignoredColor == RGB(1, 1, 1))
    #expect(LabelClasses.camVid.ignoredColor == RGB(0, 0, 0))
    #expect(LabelClasses.celebAMaskHQ.ignoredColor == RGB(255, 255, 255))
    #expect(classes.color(ofValue: 2) == RGB(10, 20, 30))
    #expect(classes.color(ofValue: 255) == RGB(1, 1, 1))
  }

  @Test func `The nearest color is that of the least squared distance`() {
    #expect(classes.nearest(to: RGB(12, 19, 33)).name == "c")
    #expect(classes.nearest(to: RGB(200, 200, 140)).name == "b")
  }

  @Test func `An ignored id among those of the classes is a programmer's error`() async {
    await #expect(processExitsWith: .failure) {
      _ = LabelClasses(name: "x", classes: [LabelClasses.LabelClass(name: "a", color: RGB(0, 0, 0))], ignoredID: 0)
    }
  }
}
