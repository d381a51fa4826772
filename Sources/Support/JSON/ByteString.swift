/// A name from a file as a key of sets and dictionaries: compared byte by byte.
///
/// `String` compares by canonical equivalence, so that "é" in one code point equals "é" in two; names in files are
/// the same only if their bytes are.
package struct ByteString: Hashable, Sendable {
  package let string: String

  package init(_ string: String) {
    self.string = string
  }

  package static func == (left: ByteString, right: ByteString) -> Bool {
    left.string.hasSameBytes(as: right.string)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in string.utf8 { hasher.combine(byte) }
  }
}

extension String {
  /// True if both are the same UTF-8 bytes, which is stricter than `==`.
  package func hasSameBytes(as other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
