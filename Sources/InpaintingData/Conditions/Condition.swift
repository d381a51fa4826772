package import Imaging
package import Tensors

/// Something that a model may be told of every pixel beside the picture and its hole, such as the lines that a person
/// wants. A model says which conditions it wants; nobody else needs to know of them.
package struct Condition: Hashable, Sendable {
  /// The name, by which a batch finds it.
  package let name: String
  /// The numbers of a pixel.
  package let channels: Int

  package init(_ name: String, channels: Int) {
    precondition(channels > 0, "Condition: expected at least one channel for \(name), found \(channels)")
    self.name = name
    self.channels = channels
  }
}

/// The pixels of a condition in one example.
package protocol ConditionRaster: Raster {
  /// The condition whose pixels these are.
  var condition: Condition { get }

  /// Writes `height * width * condition.channels` numbers, rows from the top, channels interleaved.
  func write(to destination: UnsafeMutablePointer<Scalar>)

  /// A picture of them, for people.
  ///
  /// - Parameter hole: The example's.
  func shown(with hole: Hole) -> Picture

  /// The shares of pixels that say something, such as those of a class, by name; none of a condition of which they tell
  /// nothing.
  var shares: [(name: String, share: Double)] { get }
}

extension ConditionRaster {
  package var shares: [(name: String, share: Double)] { [] }
}

/// The conditions of an example, each at most once. One that is not there, and does not follow from the picture and its hole,
/// is 0 everywhere in a batch.
package struct Conditions: Equatable, Sendable {
  private let rasters: [any ConditionRaster]

  /// The pixels of all, in a fixed order.
  package var all: [any ConditionRaster] { rasters }

  /// - Precondition: No two are of the same name.
  package init(_ rasters: [any ConditionRaster] = []) {
    let names = rasters.map(\.condition.name)
    precondition(Set(names).count == names.count, "Conditions: expected each condition once, found \(names)")
    self.rasters = rasters
  }

  /// The pixels of a condition, nil if there are none.
  package subscript(condition: Condition) -> (any ConditionRaster)? {
    rasters.first { $0.condition == condition }
  }

  /// The conditions with every raster changed in the same way, such as cropped.
  package func map(_ change: (any ConditionRaster) -> any ConditionRaster) -> Conditions {
    Conditions(rasters.map(change))
  }

  /// The conditions and some more.
  ///
  /// - Precondition: No two are of the same name.
  func adding(_ others: [any ConditionRaster]) -> Conditions { Conditions(rasters + others) }

  /// Tells that every raster has a size.
  func haveSize(width: Int, height: Int) -> Bool {
    rasters.allSatisfy { ($0.width, $0.height) == (width, height) }
  }

  package static func == (first: Conditions, second: Conditions) -> Bool {
    first.rasters.count == second.rasters.count
      && zip(first.rasters, second.rasters).allSatisfy { $0.isEqual(to: $1) }
  }
}

extension ConditionRaster {
  /// Compares with a raster that may be of another type.
  fileprivate func isEqual(to other: any ConditionRaster) -> Bool { self == other as? Self }
}
