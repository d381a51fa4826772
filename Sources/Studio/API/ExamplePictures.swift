import Dispatch
import Imaging
import InpaintingData
import Support
import Synchronization

/// The pictures that the page offers to try: scenes of the built-in generator, drawn when they are asked for.
final class ExamplePictures: Sendable {
  /// Scenes of the generator's series, chosen by eye.
  private static let scenes = [57, 37, 12]
  private static let (seed, size): (UInt64, Int) = (7, 640)

  private let drawn = Mutex<[Int: [UInt8]]>([:])

  static var count: Int { scenes.count }

  /// A PNG file.
  ///
  /// - Parameter number: From 1.
  /// - Throws: `HTTPFault` with the status 404 for another number; `Failure`.
  func png(_ number: String) async throws -> [UInt8] {
    guard let number = Int(number), (1...Self.count).contains(number) else {
      throw HTTPFault(404, "The example: expected a number from 1 to \(Self.count), found another one.")
    }
    if let bytes = drawn.withLock({ $0[number] }) { return bytes }
    let bytes = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            try ProceduralScene(seed: Self.seed, index: Self.scenes[number - 1], size: Self.size).picture.encoded(
              as: .png)
          })
      }
    }
    drawn.withLock { $0[number] = bytes }
    return bytes
  }
}
