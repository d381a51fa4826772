extension JSONScanner {
  /// Steps over blanks, and comments where the dialect allows them.
  mutating func skipBlanks() throws {
    if dialect.allowsComments { skipByteOrderMark() }
    while let byte = next {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        step()
      case UInt8(ascii: "/"):
        try skipComment()
      default:
        return
      }
    }
  }

  /// Steps over `// …` to the end of the line, or `/* … */`, which does not nest.
  private mutating func skipComment() throws {
    guard dialect.allowsComments else { throw failure("comments are not allowed here") }
    let start = index
    let startPosition = position
    index += 1
    if skip("/") {
      while let byte = next, byte != UInt8(ascii: "\n") { step() }
    } else if skip("*") {
      while !(next == UInt8(ascii: "*") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/")) {
        guard index < bytes.count else { throw failure("this comment is not closed by `*/`", at: startPosition) }
        step()
      }
      index += 2
    } else {
      throw unexpected("`//` or `/*`")
    }
    guard String(validating: bytes[start..<index], as: UTF8.self) != nil else {
      throw failure("this comment is not valid UTF-8", at: startPosition)
    }
  }
}
