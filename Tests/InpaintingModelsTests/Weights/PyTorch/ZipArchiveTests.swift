import Glibc
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

@Suite struct ZipArchiveTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func archive(_ bytes: [UInt8]) throws -> ZipArchive {
    try FileWriter.writeAtomically(bytes, to: folder.file("z"))
    return try ZipArchive(OpenFile(folder.file("z"), flags: O_RDONLY, action: "read it"))
  }

  @Test func `members are found where they lie`() throws {
    let zip = try archive(TorchFile.zip([("a", [1, 2, 3]), ("b/c", []), ("d", [4])]))
    #expect(zip.members.map(\.name) == ["a", "b/c", "d"])
    #expect(try zip.members.map { try zip.contents(of: $0, limit: 3) } == [[1, 2, 3], [], [4]])
    #expect(throws: Failure.self) { try zip.contents(of: zip.members[0], limit: 2) }
  }

  @Test func `a comment at the end is passed over`() throws {
    var bytes = TorchFile.zip([("a", [7])])
    bytes[bytes.count - 2] = 5
    #expect(try archive(bytes + Array("words".utf8)).members.count == 1)
  }

  @Test func `compressed members are refused where they are wanted`() throws {
    let zip = try archive(TorchFile.zip([("a", [1])], method: 8))
    let failure = #expect(throws: Failure.self) { try zip.contents(of: zip.members[0], limit: 10) }
    #expect(failure?.message.contains("expected \"a\" as it is, found it compressed") == true)
  }

  @Test func `a name that repeats is refused`() {
    let failure = #expect(throws: Failure.self) { try archive(TorchFile.zip([("a", [1]), ("a", [2])])) }
    #expect(failure?.message.contains("found \"a\" twice") == true)
  }

  @Test func `a member that claims more than the file is refused`() throws {
    let whole = TorchFile.zip([("a", [1, 2, 3])])
    // The size in the directory, which begins after the member's header of 31 bytes and its contents.
    for size: UInt8 in [4, 100, 255] {
      var bytes = whole
      bytes[34 + 24] = size
      #expect(throws: Failure.self) { try archive(bytes) }
    }
  }
}
