package import Imaging
package import Tensors

/// An input of a model for every pixel besides the picture and its hole, such as a sketch. A model declares the
/// conditions that it takes; no other code depends on them.
package struct Condition: Hashable, Sendable {
  /// The name, different for each condition.
  package let name: String
  /// The number of channels.
  package let channels: Int

  package init(_ name: String, channels: Int) {
    precondition(channels > 0, "Condition: expected at least one channel for \(name), found \(channels)")
    self.name = name
    self.channels = channels
  }
}

/// The raster of a condition in one example.
package protocol ConditionRaster: Raster {
  /// The condition that the raster belongs to.
  var condition: Condition { get }

  /// Writes `height * width * condition.channels` numbers, rows from the top, channels interleaved.
  func write(to destination: UnsafeMutablePointer<Scalar>)

  /// A picture of the raster, for display.
  ///
  /// - Parameter hole: The hole of the example.
  func shown(with hole: Hole) -> Picture

  /// Shares of pixels for statistics, by name, such as those of each class; empty where shares have no meaning.
  var shares: [(name: String, share: Double)] { get }
}

extension ConditionRaster {
  package var shares: [(name: String, share: Double)] { [] }
}

/// The conditions of an example, each at most once. A missing one that cannot be computed from the picture and its hole
/// is 0 everywhere in a batch.
package struct Conditions: Equatable, Sendable {
  private let rasters: [any ConditionRaster]

  /// All rasters, in a fixed order.
  package var all: [any ConditionRaster] { rasters }

  /// - Precondition: All names are different.
  package init(_ rasters: [any ConditionRaster] = []) {
    let names = rasters.map(\.condition.name)
    precondition(Set(names).count == names.count, "Conditions: expected each condition once, found \(names)")
    self.rasters = rasters
  }

  /// The raster of a condition; nil if there is none.
  package subscript(condition: Condition) -> (any ConditionRaster)? {
    rasters.first { $0.condition == condition }
  }

  /// The conditions with every raster changed in the same way, such as cropped.
  package func map(_ change: (any ConditionRaster) -> any ConditionRaster) -> Conditions {
    Conditions(rasters.map(change))
  }

  /// The conditions and some more.
  ///
  /// - Precondition: All names are different.
  func adding(_ others: [any ConditionRaster]) -> Conditions { Conditions(rasters + others) }

  /// True if every raster has the given size.
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
