/// Lists of classes that need no file.
extension LabelClasses {
  package static let builtIn = [
    camVid, celebAMaskHQ, celebAMaskHQSecond, cityscapes19, ade150, procedural, proceduralLandscapes,
  ]

  /// CamVid in the 11 classes of SegNet (Brostow, Fauqueur and Cipolla, 2009; Badrinarayanan, Kendall and Cipolla,
  /// 2017).
  package static let camVid = LabelClasses(
    "camvid", ignoredID: 11,
    table: """
      128 128 128 Sky
      128 0 0 Building
      192 192 128 Pole
      128 64 128 Road
      60 40 222 Pavement
      128 128 0 Tree
      192 128 128 SignSymbol
      64 64 128 Fence
      64 0 128 Car
      64 64 0 Pedestrian
      0 128 192 Bicyclist
      """)

  /// CelebAMask-HQ (Lee et al., 2020) in the order and the palette of its authors' face parsing.
  package static let celebAMaskHQ = LabelClasses(
    "celebamask_hq", pairs: facePairs,
    table: """
      0 0 0 background
      204 0 0 skin
      76 153 0 nose
      204 204 0 eye_g
      51 51 255 l_eye
      204 0 204 r_eye
      0 255 255 l_brow
      255 204 204 r_brow
      102 51 0 l_ear
      255 0 0 r_ear
      102 204 0 mouth
      255 255 0 u_lip
      0 0 153 l_lip
      0 0 204 hair
      255 51 153 hat
      0 204 204 ear_r
      0 51 0 neck_l
      255 153 51 neck
      0 204 0 cloth
      """)

  /// CelebAMask-HQ in the order of most tools for faces, with the same colors by name.
  package static let celebAMaskHQSecond = celebAMaskHQ.reordered(
    "celebamask_hq_second",
    names: [
      "background", "skin", "l_brow", "r_brow", "l_eye", "r_eye", "eye_g", "l_ear", "r_ear", "ear_r", "nose", "mouth",
      "u_lip", "l_lip", "neck", "neck_l", "cloth", "hair", "hat",
    ], pairs: facePairs)

  /// The classes that Cityscapes (Cordts et al., 2016) is evaluated by, with its training ids.
  package static let cityscapes19 = LabelClasses(
    "cityscapes_19",
    table: """
      128 64 128 road
      244 35 232 sidewalk
      70 70 70 building
      102 102 156 wall
      190 153 153 fence
      153 153 153 pole
      250 170 30 traffic light
      220 220 0 traffic sign
      107 142 35 vegetation
      152 251 152 terrain
      70 130 180 sky
      220 20 60 person
      255 0 0 rider
      0 0 142 car
      0 0 70 truck
      0 60 100 bus
      0 80 100 train
      0 0 230 motorcycle
      119 11 32 bicycle
      """)

  /// The built-in pictures: what the ground is made of, and the outlines of objects. A plain object has no pattern.
  package static let procedural = LabelClasses(
    "procedural",
    table: """
      198 190 170 plain ground
      120 116 112 stone ground
      156 74 52 brick ground
      150 104 56 wooden ground
      92 140 132 tiled ground
      128 96 150 woven ground
      240 200 60 plain disc
      226 132 30 patterned disc
      90 150 230 plain box
      40 80 170 patterned box
      150 210 120 plain blob
      70 140 70 patterned blob
      220 60 110 leaf
      """)

  /// The built-in landscapes.
  package static let proceduralLandscapes = LabelClasses(
    "procedural_landscapes",
    table: """
      135 190 235 sky
      130 130 150 mountain
      150 200 90 meadow
      40 90 150 water
      225 205 160 path
      245 235 210 wall
      190 80 60 roof
      30 90 40 tree
      """)

  private static let facePairs = [("l_eye", "r_eye"), ("l_brow", "r_brow"), ("l_ear", "r_ear")]

  /// A list whose every line is red, green, blue and a name.
  ///
  /// - Precondition: The table has that form, and the pairs are in it.
  init(
    _ name: String, firstID: UInt8 = 0, ignoredID: UInt8 = LabelMap.ignored, pairs: [(String, String)] = [],
    table: String
  ) {
    let classes = table.split(separator: "\n").map { line in
      let words = line.split(separator: " ", maxSplits: 3)
      let levels = words.prefix(3).compactMap { UInt8($0) }
      precondition(words.count == 4 && levels.count == 3, "LabelClasses: expected a color and a name, found \(line)")
      return LabelClass(name: String(words[3]), color: RGB(levels[0], levels[1], levels[2]))
    }
    self.init(name, classes: classes, firstID: firstID, ignoredID: ignoredID, pairs: pairs)
  }

  private init(
    _ name: String, classes: [LabelClass], firstID: UInt8 = 0, ignoredID: UInt8 = LabelMap.ignored,
    pairs: [(String, String)]
  ) {
    func index(_ name: String) -> UInt8 {
      guard let index = classes.firstIndex(where: { $0.name == name }) else {
        preconditionFailure("LabelClasses: expected a class \(name)")
      }
      return UInt8(index)
    }
    self.init(
      name: name, classes: classes, firstID: firstID, ignoredID: ignoredID,
      pairs: pairs.map { Pair(left: index($0.0), right: index($0.1)) })
  }

  /// The same classes in another order.
  private func reordered(_ name: String, names: [String], pairs: [(String, String)]) -> LabelClasses {
    LabelClasses(name, classes: names.compactMap { name in classes.first { $0.name == name } }, pairs: pairs)
  }
}
