import Testing

@testable import Imaging

struct BuiltInLabelsTests {
  @Test func `The lists have their counts and distinct names`() {
    let counts = LabelClasses.builtIn.map { "\($0.name) \($0.count)" }
    #expect(
      counts == [
        "camvid 11", "celebamask_hq 19", "celebamask_hq_second 19", "cityscapes_19 19", "ade_150 150", "procedural 13",
        "procedural_landscapes 8",
      ])
    for list in LabelClasses.builtIn { #expect(Set(list.classes.map(\.name)).count == list.count) }
  }

  @Test func `Colors differ, but for two of ADE20K`() {
    for list in LabelClasses.builtIn {
      #expect(Set(list.classes.map(\.color)).count == list.count - (list.name == "ade_150" ? 1 : 0))
    }
  }

  @Test func `The second order of faces is that of the first, moved`() {
    let moved = LabelClasses.celebAMaskHQ.classes.map { LabelClasses.celebAMaskHQSecond.index(named: $0.name) }
    #expect(moved == [0, 1, 10, 6, 4, 5, 2, 3, 7, 8, 11, 12, 13, 17, 18, 9, 15, 14, 16])
    #expect(LabelClasses.celebAMaskHQ.classes[4].color == LabelClasses.celebAMaskHQSecond.classes[4].color)
    #expect(LabelClasses.celebAMaskHQSecond.classes[18].color == RGB(255, 51, 153))
  }

  @Test func `Faces have left and right classes`() {
    for list in [LabelClasses.celebAMaskHQ, .celebAMaskHQSecond] {
      let names = list.pairs.map { list.classes[Int($0.left)].name + " " + list.classes[Int($0.right)].name }
      #expect(names == ["l_eye r_eye", "l_brow r_brow", "l_ear r_ear"])
    }
    #expect(LabelClasses.camVid.pairs.isEmpty && LabelClasses.cityscapes19.pairs.isEmpty)
  }

  @Test func `Ids in files are the data sets' own`() {
    #expect(LabelClasses.camVid.value(ofID: 11) == LabelMap.ignored && LabelClasses.camVid.value(ofID: 10) == 10)
    let scenes = LabelClasses.ade150
    #expect(scenes.value(ofID: 0) == LabelMap.ignored && scenes.value(ofID: 1) == 0 && scenes.value(ofID: 150) == 149)
    #expect(scenes.value(ofID: 151) == nil)
    #expect(scenes.classes[149].name == "flag" && scenes.classes[44].name == "chest of drawers")
    #expect(scenes.classes[20].color == RGB(0, 102, 200))
    #expect(LabelClasses.cityscapes19.classes[13].name == "car" && LabelClasses.cityscapes19.value(ofID: 19) == nil)
  }
}
