import Foundation
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels
@testable import Support

struct PyTorchReaderTests {
  private let disk: FileOnDisk

  init() throws {
    disk = try FileOnDisk()
  }

  /// A file of `torch.save` of PyTorch 2.13: two dictionaries of tensors (one a transposed view of another's storage, one
  /// of 16 bits, one a 64-bit parameter), a number, and a list with a tuple in it.
  private static let torch = [UInt8](
    Data(
      base64Encoded: """
        UEsDBAAACAgAAAAAAAAAAAAAAAAAAAAAAAAKABgAbS9kYXRhLnBrbEZCFABaWlpaWlpaWlpaWlpaWlpaWlpaWoACfXEAKFgBAAAAR3EBY2Nv\
        bGxlY3Rpb25zCk9yZGVyZWREaWN0CnECKVJxAyhYCAAAAGEud2VpZ2h0cQRjdG9yY2guX3V0aWxzCl9yZWJ1aWxkX3RlbnNvcl92MgpxBSgo\
        WAcAAABzdG9yYWdlcQZjdG9yY2gKRmxvYXRTdG9yYWdlCnEHWAEAAAAwcQhYAwAAAGNwdXEJSwZ0cQpRSwBLAksDhnELSwNLAYZxDIloAilS\
        cQ10cQ5ScQ9YBgAAAGEudmlld3EQaAUoKGgGaAdoCGgJSwZ0cRFRSwFLAksChnESSwFLA4ZxE4loAilScRR0cRVScRZYBgAAAGEuaGFsZnEX\
        aAUoKGgGY3RvcmNoCkJGbG9hdDE2U3RvcmFnZQpxGFgBAAAAMXEZaAlLAnRxGlFLAEsChXEbSwGFcRyJaAIpUnEddHEeUnEfdVgBAAAARHEg\
        fXEhWAEAAABwcSJjdG9yY2guX3V0aWxzCl9yZWJ1aWxkX3BhcmFtZXRlcgpxI2gFKChoBmN0b3JjaApEb3VibGVTdG9yYWdlCnEkWAEAAAAy\
        cSVoCUsCdHEmUUsASwKFcSdLAYVxKIloAilScSl0cSpScSuIaAIpUnEsh3EtUnEuc1gGAAAAbl9pdGVycS9LB1gHAAAAb3B0aW9uc3EwXXEx\
        KEc/UGJN0vGp/FgBAAAAc3EyToiHcTNldS5QSwcIlwC9vhECAAARAgAAUEsDBAAACAgAAAAAAAAAAAAAAAAAAAAAAAARADAAbS8uZm9ybWF0\
        X3ZlcnNpb25GQiwAWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWloxUEsHCLfv3IMBAAAAAQAAAFBLAwQAAAgI\
        AAAAAAAAAAAAAAAAAAAAAAAAFAA9AG0vLnN0b3JhZ2VfYWxpZ25tZW50RkI5AFpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa\
        WlpaWlpaWlpaWlpaWlpaWlpaWlpaWjY0UEsHCD93cekCAAAAAgAAAFBLAwQAAAgIAAAAAAAAAAAAAAAAAAAAAAAACwAFAG0vYnl0ZW9yZGVy\
        RkIBAFpsaXR0bGVQSwcIhT3jGQYAAAAGAAAAUEsDBAAACAgAAAAAAAAAAAAAAAAAAAAAAAAIAAQAbS9kYXRhLzBGQgAAAAAAAAAAgD8AAABA\
        AABAQAAAgEAAAKBAUEsHCBeQ55EYAAAAGAAAAFBLAwQAAAgIAAAAAAAAAAAAAAAAAAAAAAAACAAyAG0vZGF0YS8xRkIuAFpaWlpaWlpaWlpa\
        WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlrAPwDAUEsHCAdRWuMEAAAABAAAAFBLAwQAAAgIAAAAAAAAAAAAAAAAAAAAAAAA\
        CAAGAG0vZGF0YS8yRkICAFpampmZmZmZuT+amZmZmZm5P1BLBwhuq+lFEAAAABAAAABQSwMEAAAICAAAAAAAAAAAAAAAAAAAAAAAAAkAOQBt\
        L3ZlcnNpb25GQjUAWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlozClBLBwjRnmdVAgAAAAIA\
        AABQSwMEAAAICAAAAAAAAAAAAAAAAAAAAAAAABgAOABtLy5kYXRhL3NlcmlhbGl6YXRpb25faWRGQjQAWlpaWlpaWlpaWlpaWlpaWlpaWlpa\
        WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWjA4NDk0ODg4NDc5NjUwNDg3MzUwMTE1MzUzOTE4MDU4MDk4NTc1MjlQSwcIXWNzDygA\
        AAAoAAAAUEsBAgAAAAAICAAAAAAAAJcAvb4RAgAAEQIAAAoAAAAAAAAAAAAAAAAAAAAAAG0vZGF0YS5wa2xQSwECAAAAAAgIAAAAAAAAt+/c\
        gwEAAAABAAAAEQAAAAAAAAAAAAAAAABhAgAAbS8uZm9ybWF0X3ZlcnNpb25QSwECAAAAAAgIAAAAAAAAP3dx6QIAAAACAAAAFAAAAAAAAAAA\
        AAAAAADRAgAAbS8uc3RvcmFnZV9hbGlnbm1lbnRQSwECAAAAAAgIAAAAAAAAhT3jGQYAAAAGAAAACwAAAAAAAAAAAAAAAABSAwAAbS9ieXRl\
        b3JkZXJQSwECAAAAAAgIAAAAAAAAF5DnkRgAAAAYAAAACAAAAAAAAAAAAAAAAACWAwAAbS9kYXRhLzBQSwECAAAAAAgIAAAAAAAAB1Fa4wQA\
        AAAEAAAACAAAAAAAAAAAAAAAAADoAwAAbS9kYXRhLzFQSwECAAAAAAgIAAAAAAAAbqvpRRAAAAAQAAAACAAAAAAAAAAAAAAAAABUBAAAbS9k\
        YXRhLzJQSwECAAAAAAgIAAAAAAAA0Z5nVQIAAAACAAAACQAAAAAAAAAAAAAAAACgBAAAbS92ZXJzaW9uUEsBAgAAAAAICAAAAAAAAF1jcw8o\
        AAAAKAAAABgAAAAAAAAAAAAAAAAAEgUAAG0vLmRhdGEvc2VyaWFsaXphdGlvbl9pZFBLBgYsAAAAAAAAAB4DLQAAAAAAAAAAAAkAAAAAAAAA\
        CQAAAAAAAAARAgAAAAAAALgFAAAAAAAAUEsGBwAAAADJBwAAAAAAAAEAAABQSwUGAAAAAAkACQARAgAAuAUAAAAA
        """) ?? Data())

  @Test func `a file of PyTorch itself is read`() throws {
    let file = try disk.reader(Self.torch)
    #expect(file.entries.map(\.name) == ["G.a.weight", "G.a.view", "G.a.half", "D.p"])
    #expect(file.entries.map(\.shape) == [[2, 3], [2, 2], [2], [2]])
    #expect(file.entries.map(\.type) == [.float32, .float32, .brainFloat16, .float64])
    func scalars(_ name: String) throws -> [Scalar] { try file.scalars(of: #require(file.entry(named: name))) }
    #expect(try scalars("G.a.weight") == [0, 1, 2, 3, 4, 5])
    #expect(try scalars("G.a.view") == [1, 4, 2, 5])
    #expect(try scalars("G.a.half") == [1.5, -2])
    #expect(try scalars("D.p") == [0.1, 0.1])
    #expect(file.values.map(\.name) == ["n_iter", "options.0", "options.1.0", "options.1.1", "options.1.2"])
    #expect(file.values.map(\.value) == [7, 1e-3, "s", nil, true])
  }

  @Test func `a file that is cut anywhere is refused`() throws {
    for count in 0..<Self.torch.count {
      #expect(disk.refusal(Array(Self.torch.prefix(count))) != nil, "\(count)")
    }
  }

  @Test func `no byte that is changed traps`() throws {
    for place in Self.torch.indices {
      for change: UInt8 in [1, 0x20, 0x80, 0xFF] {
        var bytes = Self.torch
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

  @Test func `what is passed over does not hide code`() {
    let call = TorchValue.call(module: "posix", name: "system", [.text("true")])
    let inside = TorchValue.call(module: "argparse", name: "Namespace", [call])
    #expect(disk.refusal(TorchFile.bytes(.list([inside])))?.contains("found \"posix.system\"") == true)
    // Names that only begin or end like those of the list.
    for (module, name) in [
      ("numpydoc", "x"), ("my.numpy", "scalar"), ("builtins", "eval"), ("builtins", "getattr"), ("torch", "load"),
      ("torch.hub", "load"), ("types", "CodeType"), ("collections", "namedtuple"),
    ] {
      #expect(
        disk.refusal(TorchFile.bytes(.call(module: module, name: name, [])))?.contains("as nothing is ever called")
          == true, "\(name)")
    }
  }

  @Test func `objects without tensors are passed over wherever they stand`() throws {
    func object(_ module: String, _ name: String) -> TorchValue { .call(module: module, name: name, []) }
    let file = try disk.reader(
      TorchFile.bytes(
        .dictionary([
          ("path", object("pathlib._local", "PosixPath")), ("options", object("easydict", "EasyDict")),
          ("all", .list([object("numpy._core.multiarray", "_reconstruct"), .tensor([1], shape: [1])])),
          ("stamp", object("decimal", "Decimal")), ("order", object("collections", "deque")),
        ])))
    #expect(file.entries.map(\.name) == ["all.1"])
    #expect(file.skipped.map(\.name) == ["path", "options", "all.0", "stamp", "order"])
    let nouns = ["pathlib.PosixPath", "easydict.EasyDict", "an array of NumPy", "decimal.Decimal", "collections.deque"]
    #expect(file.skipped.map(\.noun) == nouns)
  }

  @Test func `bytes of a storage must be a whole number of the tensor's elements`() throws {
    func file(bytes: Int) -> [UInt8] {
      let storage = TorchValue.call(
        module: "storage", name: "ByteStorage", [.text("0"), .text("cpu"), .integer(bytes)])
      let view = TorchValue.call(
        module: "torch._utils", name: "_rebuild_tensor_v3",
        [
          storage, .integer(0), .tuple([.integer(2)]), .tuple([.integer(1)]), .boolean(false), .none,
          .call(module: "torch", name: "int16", []),
        ])
      return TorchFile.bytes(.list([.tensor([1, 2], shape: [2]), view]))
    }
    #expect(try disk.reader(file(bytes: 4)).entries.map(\.type) == [.float32, .signed16])
    #expect(disk.refusal(file(bytes: 5))?.contains("expected a type of elements that its storage can hold") == true)
  }

  @Test func `storages that are missing or too small are found before anything is read`() throws {
    let whole = TorchValue.tensor([1, 2, 3], shape: [3])
    #expect(disk.refusal(TorchFile.bytes(whole)) == nil)
    let storage = TorchValue.call(
      module: "storage", name: "FloatStorage", [.text("0"), .text("cpu"), .integer(1 << 40)])
    let huge = TorchValue.call(
      module: "torch._utils", name: "_rebuild_tensor_v2",
      [storage, .integer(0), .tuple([.integer(1 << 40)]), .tuple([.integer(1)]), .boolean(false), .none])
    let message = ": expected the numbers of \"h\", found none or too few; the file is damaged."
    #expect(disk.refusal(TorchFile.bytes(.dictionary([("h", huge)]))) == message)
    #expect(disk.refusal(TorchFile.bytes(.list([whole, huge])))?.contains("numbers of \"1\", found none") == true)
  }

  @Test func `an archive without a pickle, or of big-endian numbers, is refused`() throws {
    let other = disk.refusal(TorchFile.zip([("a/b.pth", [1])]))
    #expect(other?.contains("with one data.pkl, found 0, and first in it \"a/b.pth\": unpack it") == true)
    let pickle: [UInt8] = [0x80, 2] + Array("}.".utf8)
    #expect(disk.refusal(TorchFile.zip([("a/data.pkl", pickle)])) == nil)
    let members: [(String, [UInt8])] = [("a/data.pkl", pickle), ("a/byteorder", Array("big".utf8))]
    #expect(disk.refusal(TorchFile.zip(members))?.contains("little-endian") == true)
  }
}
