import TestSupport
import Testing

@testable import Support

struct NoticesTests {
  @Test func `the first few are said, then once that there are more`() {
    let said = Notes()
    let notices = Notices(limit: 2, rest: "and more") { said.add($0) }
    for name in ["a", "a", "b", "a", "c", "d"] { notices.add(name) }
    #expect(said.all == ["a", "b", "and more"])
  }

  @Test func `as many as allowed need no rest`() {
    let said = Notes()
    let notices = Notices(limit: 2, rest: "and more") { said.add($0) }
    for name in ["a", "b"] { notices.add(name) }
    #expect(said.all == ["a", "b"])
  }
}
