import Foundation
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

/// Files in the format of PyTorch before 1.6.
@Suite struct PyTorchLegacyTests {
  private let disk: FileOnDisk

  init() throws {
    disk = try FileOnDisk()
  }

  /// The output of `Scripts/make-legacy-checkpoints` with PyTorch 2.13, by the protocol of the pickles.
  private static let files: [Int: [UInt8]] = [
    2: [UInt8](
      Data(
        base64Encoded: """
          gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9cQAoWBAAAABwcm90b2NvbF92ZXJzaW9ucQFN6QNYDQAAAGxpdHRsZV9lbmRpYW5xAohYCgAAAHR5cGVf\
          c2l6ZXNxA31xBChYBQAAAHNob3J0cQVLAlgDAAAAaW50cQZLBFgEAAAAbG9uZ3EHSwR1dS6AAn1xAChYAQAAAEdxAWNjb2xsZWN0aW9ucwpPcmRl\
          cmVkRGljdApxAilScQMoWAgAAABhLndlaWdodHEEY3RvcmNoLl91dGlscwpfcmVidWlsZF90ZW5zb3JfdjIKcQUoKFgHAAAAc3RvcmFnZXEGY3Rv\
          cmNoCkZsb2F0U3RvcmFnZQpxB1gOAAAAOTQ5MDIxNDkzMTY5OTJxCFgDAAAAY3B1cQlLBk50cQpRSwBLAksDhnELSwNLAYZxDIloAilScQ10cQ5S\
          cQ9YBgAAAGEudmlld3EQaAUoKGgGaAdYDgAAADk0OTAyMTQ5MzE2OTkycRFoCUsGTnRxElFLAUsCSwKGcRNLAUsDhnEUiWgCKVJxFXRxFlJxF1gG\
          AAAAYS5oYWxmcRhoBSgoaAZjdG9yY2gKQkZsb2F0MTZTdG9yYWdlCnEZWA4AAAA5NDkwMjA2Njc2MTE2OHEaaAlLAk50cRtRSwBLAoVxHEsBhXEd\
          iWgCKVJxHnRxH1JxIHVYAQAAAERxIWNjb2xsZWN0aW9ucwpkZWZhdWx0ZGljdApxImNfX2J1aWx0aW5fXwpkaWN0CnEjhXEkUnElWAEAAABwcSZj\
          dG9yY2guX3V0aWxzCl9yZWJ1aWxkX3BhcmFtZXRlcgpxJ2gFKChoBmN0b3JjaApEb3VibGVTdG9yYWdlCnEoWA4AAAA5NDkwMjA2Njc3NTIzMnEp\
          aAlLAk50cSpRSwBLAoVxK0sBhXEsiWgCKVJxLXRxLlJxL4hoAilScTCHcTFScTJzWAYAAABuX2l0ZXJxM0sHWAQAAABhcmdzcTRjYXJncGFyc2UK\
          TmFtZXNwYWNlCnE1KYFxNn1xNyhYAgAAAGxycThHPxo24uscQy1YAwAAAG91dHE5Y3BhdGhsaWIKUHVyZVBvc2l4UGF0aApxOlgBAAAAYXE7WAEA\
          AABicTyGcT1ScT51YlgEAAAAYmVzdHE/Y251bXB5Ll9jb3JlLm11bHRpYXJyYXkKc2NhbGFyCnFAY251bXB5CmR0eXBlCnFBWAIAAABmOHFCiYiH\
          cUNScUQoSwNYAQAAADxxRU5OTkr/////Sv////9LAHRxRmJjX2NvZGVjcwplbmNvZGUKcUdYCAAAAAAAAAAAAARAcUhYBgAAAGxhdGluMXFJhnFK\
          UnFLhnFMUnFNWAQAAAB3aGVucU5jZGF0ZXRpbWUKZGF0ZXRpbWUKcU9oR1gLAAAAB8OiDBgSAAAAAABxUGhJhnFRUnFShXFTUnFUWAQAAABzZWVu\
          cVVjX19idWlsdGluX18Kc2V0CnFWXXFXKEsBSwJlhXFYUnFZWAMAAAByYXdxWmhHWAMAAADDvwBxW2hJhnFcUnFdWAEAAAB6cV5jX19idWlsdGlu\
          X18KY29tcGxleApxX0c/8AAAAAAAAEdAAAAAAAAAAIZxYFJxYVgFAAAAdGFsbHlxYmNjb2xsZWN0aW9ucwpDb3VudGVyCnFjfXFkKFgBAAAAYXFl\
          SwJYAQAAAGJxZksBdYVxZ1JxaFgGAAAAZGV2aWNlcWljdG9yY2gKZGV2aWNlCnFqWAQAAABjdWRhcWtLAIZxbFJxbVgEAAAAdHlwZXFuY3RvcmNo\
          CmZsb2F0MzIKcW9YAQAAAHVxcGN0b3JjaC5fdXRpbHMKX3JlYnVpbGRfdGVuc29yX3YzCnFxKChoBmN0b3JjaC5zdG9yYWdlClVudHlwZWRTdG9y\
          YWdlCnFyWA4AAAA5NDkwMjA2Njc2MTMxMnFzaAlLAk50cXRRSwBLAYVxdUsBhXF2iWgCKVJxd2N0b3JjaAp1aW50MTYKcXh0cXlScXp1LoACXXEA\
          KFgOAAAAOTQ5MDIwNjY3NjExNjhxAVgOAAAAOTQ5MDIwNjY3NjEzMTJxAlgOAAAAOTQ5MDIwNjY3NzUyMzJxA1gOAAAAOTQ5MDIxNDkzMTY5OTJx\
          BGUuAgAAAAAAAADAPwDAAgAAAAAAAAD//wIAAAAAAAAAmpmZmZmZuT+amZmZmZm5PwYAAAAAAAAAAAAAAAAAgD8AAABAAABAQAAAgEAAAKBA
          """) ?? Data()),
    4: [UInt8](
      Data(
        base64Encoded: """
          gASVDQAAAAAAAACKCmz8nEb5IGqoUBkugASVBAAAAAAAAABN6QMugASVWAAAAAAAAAB9lCiMEHByb3RvY29sX3ZlcnNpb26UTekDjA1saXR0bGVf\
          ZW5kaWFulIiMCnR5cGVfc2l6ZXOUfZQojAVzaG9ydJRLAowDaW50lEsEjARsb25nlEsEdXUugASVHwQAAAAAAAB9lCiMAUeUjAtjb2xsZWN0aW9u\
          c5SMC09yZGVyZWREaWN0lJOUKVKUKIwIYS53ZWlnaHSUjAx0b3JjaC5fdXRpbHOUjBJfcmVidWlsZF90ZW5zb3JfdjKUk5QoKIwHc3RvcmFnZZSM\
          BXRvcmNolIwMRmxvYXRTdG9yYWdllJOUjA45NDkwMjA2Njc2MTMxMpSMA2NwdZRLBk50lFFLAEsCSwOGlEsDSwGGlIloBClSlHSUUpSMBmEudmll\
          d5RoCSgoaApoDYwOOTQ5MDIwNjY3NjEzMTKUaA9LBk50lFFLAUsCSwKGlEsBSwOGlIloBClSlHSUUpSMBmEuaGFsZpRoCSgoaApoC4wPQkZsb2F0\
          MTZTdG9yYWdllJOUjA45NDkwMjA2Njc2NjYyNJRoD0sCTnSUUUsASwKFlEsBhZSJaAQpUpR0lFKUdYwBRJRoAowLZGVmYXVsdGRpY3SUk5SMCGJ1\
          aWx0aW5zlIwEZGljdJSTlIWUUpSMAXCUaAeMEl9yZWJ1aWxkX3BhcmFtZXRlcpSTlGgJKChoCmgLjA1Eb3VibGVTdG9yYWdllJOUjA45NDkwMjA2\
          MjcwNjk3NpRoD0sCTnSUUUsASwKFlEsBhZSJaAQpUpR0lFKUiGgEKVKUh5RSlHOMBm5faXRlcpRLB4wEYXJnc5SMCGFyZ3BhcnNllIwJTmFtZXNw\
          YWNllJOUKYGUfZQojAJscpRHPxo24uscQy2MA291dJSMB3BhdGhsaWKUjA1QdXJlUG9zaXhQYXRolJOUjAFhlIwBYpSGlFKUdWKMBGJlc3SUjBZu\
          dW1weS5fY29yZS5tdWx0aWFycmF5lIwGc2NhbGFylJOUjAVudW1weZSMBWR0eXBllJOUjAJmOJSJiIeUUpQoSwOMATyUTk5OSv////9K/////0sA\
          dJRiQwgAAAAAAAAEQJSGlFKUjAR3aGVulIwIZGF0ZXRpbWWUjAhkYXRldGltZZSTlEMKB+IMGBIAAAAAAJSFlFKUjARzZWVulI+UKEsBSwKQjANy\
          YXeUQwL/AJSMAXqUaCuMB2NvbXBsZXiUk5RHP/AAAAAAAABHQAAAAAAAAACGlFKUjAV0YWxseZRoAowHQ291bnRlcpSTlH2UKIwBYZRLAowBYpRL\
          AXWFlFKUjAZkZXZpY2WUaAuMBmRldmljZZSTlIwEY3VkYZRLAIaUUpSMBHR5cGWUjAV0b3JjaJSMB2Zsb2F0MzKUk5SMAXWUaAeMEl9yZWJ1aWxk\
          X3RlbnNvcl92M5STlCgoaAqMDXRvcmNoLnN0b3JhZ2WUjA5VbnR5cGVkU3RvcmFnZZSTlIwOOTQ5MDIwNjY3NzUyMzKUaA9LAk50lFFLAEsBhZRL\
          AYWUiWgEKVKUaH2MBnVpbnQxNpSTlHSUUpR1LoAElUkAAAAAAAAAXZQojA45NDkwMjA2MjcwNjk3NpSMDjk0OTAyMDY2NzYxMzEylIwOOTQ5MDIw\
          NjY3NjY2MjSUjA45NDkwMjA2Njc3NTIzMpRlLgIAAAAAAAAAmpmZmZmZuT+amZmZmZm5PwYAAAAAAAAAAAAAAAAAgD8AAABAAABAQAAAgEAAAKBA\
          AgAAAAAAAADAPwDAAgAAAAAAAAD//w==
          """) ?? Data()),
  ]

  @Test(arguments: [2, 4])
  func `tensors are read, and objects without tensors are named`(_ protocolVersion: Int) throws {
    let file = try disk.reader(#require(Self.files[protocolVersion]))
    #expect(file.entries.map(\.name) == ["G.a.weight", "G.a.view", "G.a.half", "D.p", "u"])
    #expect(file.entries.map(\.shape) == [[2, 3], [2, 2], [2], [2], [1]])
    #expect(file.entries.map(\.type) == [.float32, .float32, .brainFloat16, .float64, .unsigned16])
    let values = try file.entries.map { try file.scalars(of: $0) }
    #expect(values == [[0, 1, 2, 3, 4, 5], [1, 4, 2, 5], [1.5, -2], [0.1, 0.1], [65535]])
    #expect(file.values.map(\.name) == ["n_iter"])
    let nouns = [
      "argparse.Namespace", "a number of NumPy", "datetime.datetime", "set", "bytes", "complex", "collections.Counter",
      "torch.device", "torch.float32",
    ]
    #expect(file.skipped.map(\.name) == ["args", "best", "when", "seen", "raw", "z", "tally", "device", "type"])
    #expect(file.skipped.map(\.noun) == nouns)
    let remark = try #require(WeightFile(path: file.path).remark)
    #expect(remark.hasPrefix(file.path + ": skipped what holds no tensors: \"args\" (argparse.Namespace), \"best\" ("))
  }

  @Test(arguments: [2, 4])
  func `a file that is cut anywhere is refused`(_ protocolVersion: Int) throws {
    let whole = try #require(Self.files[protocolVersion])
    #expect(disk.refusal(whole) == nil)
    for count in 0..<whole.count {
      #expect(disk.refusal(Array(whole.prefix(count))).map { !$0.hasPrefix("another") } == true, "\(count)")
    }
  }

  @Test(arguments: [2, 4])
  func `no byte that is changed traps`(_ protocolVersion: Int) throws {
    let whole = try #require(Self.files[protocolVersion])
    for place in whole.indices {
      for change: UInt8 in [1, 0x20, 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= change
        do {
          let file = try disk.reader(bytes)
          for entry in file.entries { _ = try file.scalars(of: entry) }
        } catch let failure as Failure {
          #expect(failure.kind == .data)
        }
      }
    }
  }

  @Test func `what Python 2 wrote is read`() throws {
    // Its dictionaries come as lists of pairs, its plain strings are of no encoding, and protocol 1 has digits.
    let pairs = TorchValue.list([
      .list([.text("a"), .tensor([1, 2], shape: [2])]), .list([.text("n"), .python2Text([0xE9])]),
      .list([.text("seed"), .digits("9000000000")]), .list([.text("on"), .digits("01")]),
      .list([.text("huge"), .digits("100000000000000000000L")]),
    ])
    let file = try disk.reader(
      TorchFile.legacy(.call(module: "collections", name: "OrderedDict", [pairs])))
    #expect(file.entries.map(\.name) == ["a"])
    #expect(try file.scalars(of: file.entries[0]) == [1, 2])
    #expect(file.values.map(\.value) == [9_000_000_000, true, JSONValue(1e20)])
    #expect(file.skipped.map(\.noun) == ["bytes"])
    // Each call would copy the list once more.
    let call = TorchValue.call(module: "collections", name: "OrderedDict", [.recall(pairsOfNone: 1000)])
    #expect(
      disk.refusal(TorchFile.legacy(.list(Array(repeating: call, count: 600))))?.contains("at most 500000") == true)
  }

  @Test func `pickles that are longer than any of weights are not read to their end`() throws {
    let whole = TorchFile.legacy(.text("a"))
    let text = try #require(whole.firstRange(of: [0x58, 1, 0, 0, 0, 0x61]))
    let folder = try TemporaryFolder()
    // A string of 40 MiB.
    try FileWriter.writeAtomically(whole[..<text.lowerBound] + [0x58, 0, 0, 0x80, 2], to: folder.file("w.pth"))
    try folder.cut("w.pth", to: 50 << 20)
    let refused = #expect(throws: Failure.self) { try PyTorchReader(path: folder.file("w.pth")) }
    #expect(refused?.message.hasSuffix("pickles of at most 33554432 bytes are read.") == true)
  }

  @Test func `a part of a storage is found where it begins`() throws {
    let whole = TorchValue.tensor([1, 2, 3, 4], shape: [4])
    func part(_ start: Int, _ count: Int) -> TorchValue {
      let view = TorchValue.tuple([.text("v"), .integer(start), .integer(count)])
      let storage = TorchValue.call(
        module: "storage", name: "FloatStorage", [.text("0"), .text("cpu"), .integer(4), view])
      return .call(
        module: "torch._utils", name: "_rebuild_tensor",
        [storage, .integer(0), .tuple([.integer(2)]), .tuple([.integer(1)])])
    }
    let file = try disk.reader(TorchFile.legacy(.list([whole, part(2, 2)])))
    #expect(try file.scalars(of: file.entries[1]) == [3, 4])
    for (start, count) in [(3, 2), (0, 1), (-1, 2), (5, 0)] {
      #expect(disk.refusal(TorchFile.legacy(.list([whole, part(start, count)]))) != nil)
    }
  }

  @Test func `storages that are not those of the pickle are refused`() {
    let tensor = TorchValue.tensor([1, 2, 3], shape: [3])
    let whole = TorchFile.legacy(tensor)
    #expect(disk.refusal(whole) == nil)
    var other = whole
    other[whole.count - 12 - 8] = 4
    #expect(disk.refusal(other)?.contains("expected 3 numbers of 4 bytes, found 4") == true)
    #expect(disk.refusal(TorchFile.legacy(tensor, keys: [.text("1")]))?.contains("names of the storages") == true)
    #expect(
      disk.refusal(TorchFile.legacy(tensor, keys: [.text("0"), .text("0")]))?.contains("names of the sto") == true)
    #expect(disk.refusal(TorchFile.legacy(tensor, keys: []))?.contains("found none or too few") == true)
    #expect(disk.refusal(TorchFile.legacy(tensor, version: 1002))?.contains("version 1001") == true)
    #expect(disk.refusal(TorchFile.legacy(tensor, isLittleEndian: false))?.contains("little-endian") == true)
  }
}
