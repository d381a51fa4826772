/// The turn or reflection that sets a stored picture upright: the eight values of EXIF's tag `Orientation` (CIPA
/// DC-008, section 4.6.5).
package enum Orientation: Int, CaseIterable, Sendable {
  case upright = 1
  /// Left and right change places.
  case mirrored = 2
  /// Turned by half a turn.
  case halfTurn = 3
  /// Top and bottom change places.
  case flipped = 4
  /// Rows become columns: mirrored along the diagonal from the top left.
  case transposed = 5
  /// Turned clockwise by a quarter.
  case quarterTurn = 6
  /// Mirrored along the diagonal from the top right.
  case transverse = 7
  /// Turned clockwise by three quarters.
  case threeQuarterTurn = 8

  /// True if width and height change places.
  package var isTransposed: Bool { rawValue >= 5 }
}
