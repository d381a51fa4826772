import Support

/// A color of 8 bits a channel.
package struct RGB: Hashable, Sendable, CustomStringConvertible {
  package let red: UInt8
  package let green: UInt8
  package let blue: UInt8

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  package var description: String { "(\(red), \(green), \(blue))" }

  /// The squared Euclidean distance over the channels.
  func squaredDistance(to other: RGB) -> Int {
    [(red, other.red), (green, other.green), (blue, other.blue)].reduce(0) { sum, channel in
      sum + (Int(channel.0) - Int(channel.1)) * (Int(channel.0) - Int(channel.1))
    }
  }
}

/// The classes of label maps: their names, their palette, and their ids in files.
///
/// In memory a class is its index in the list. In files it is that plus `firstID`.
package struct LabelClasses: Equatable, Sendable {
  /// A class of pixels, with its color in the palette.
  package struct LabelClass: Equatable, Sendable {
    package let name: String
    package let color: RGB

    package init(name: String, color: RGB) {
      self.name = name
      self.color = color
    }
  }

  /// Two classes that a horizontal flip swaps, by their indices.
  package struct Pair: Equatable, Sendable {
    package let left: UInt8
    package let right: UInt8
  }

  /// The name of a built-in list, or the path of a file.
  package let name: String
  /// At least one; names differ.
  package let classes: [LabelClass]
  /// The id of the first class in files.
  package let firstID: UInt8
  /// The id of ignored pixels in files, besides 255, which always is one.
  package let ignoredID: UInt8
  package let pairs: [Pair]
  /// The remapping of ids in the data set's files.
  package let remap: LabelRemap

  /// The maximum number of classes: 255 is reserved for ignored pixels.
  static let maximumCount = 255

  /// - Precondition: The list has 1 to 255 classes with ids of 8 bits, and the ignored id is not among them.
  package init(
    name: String, classes: [LabelClass], firstID: UInt8 = 0, ignoredID: UInt8 = LabelMap.ignored, pairs: [Pair] = [],
    remap: LabelRemap = LabelRemap()
  ) {
    precondition(
      (1...Self.maximumCount).contains(classes.count) && Int(firstID) + classes.count <= Self.maximumCount
        && !(Int(firstID)..<Int(firstID) + classes.count).contains(Int(ignoredID))
        && pairs.allSatisfy { max(Int($0.left), Int($0.right)) < classes.count },
      "LabelClasses: expected \(name) to have 1 to 255 classes, and an ignored id beside theirs, found \(classes.count) "
        + "from \(firstID) on and \(ignoredID)")
    self.name = name
    self.classes = classes
    self.firstID = firstID
    self.ignoredID = ignoredID
    self.pairs = pairs
    self.remap = remap
  }

  package var count: Int { classes.count }

  /// The color of ignored pixels: the first of black, white and the grays that no class has.
  package var ignoredColor: RGB {
    let colors = Set(classes.map(\.color))
    let grays = [0, 255] + (1..<255).map { UInt8($0) }
    return grays.lazy.map { RGB($0, $0, $0) }.first { !colors.contains($0) } ?? RGB(255, 0, 255)
  }

  /// The index of a class; nil if there is none of that name.
  package func index(named name: String) -> UInt8? {
    classes.firstIndex { $0.name.hasSameBytes(as: name) }.map { UInt8($0) }
  }

  /// The value in memory of an id of the list's own: an index, or `LabelMap.ignored`; nil for an id without a class.
  func value(ofID id: UInt8) -> UInt8? {
    if id == ignoredID || id == LabelMap.ignored { return LabelMap.ignored }
    return id >= firstID && Int(id - firstID) < count ? id - firstID : nil
  }

  /// The list's own id of a value in memory.
  func id(ofValue value: UInt8) -> UInt8 { value == LabelMap.ignored ? ignoredID : value + firstID }

  /// The name of a value in memory.
  package func name(ofValue value: UInt8) -> String {
    Int(value) < count ? classes[Int(value)].name : LabelRemap.ignoredName
  }

  /// The color of a value in memory.
  package func color(ofValue value: UInt8) -> RGB {
    Int(value) < count ? classes[Int(value)].color : ignoredColor
  }

  /// The class with the nearest color; the first of equals.
  func nearest(to color: RGB) -> LabelClass {
    classes.min { $0.color.squaredDistance(to: color) < $1.color.squaredDistance(to: color) } ?? classes[0]
  }

  /// The ids of files in words: "0 to 10, and 11 or 255 for what is ignored".
  var idsInWords: String {
    let ignored = ignoredID == LabelMap.ignored ? "255" : "\(ignoredID) or 255"
    return "\(firstID) to \(Int(firstID) + count - 1), and \(ignored) for what is ignored"
  }
}
