import Imaging
import Support

/// An estimate of the memory that a task takes besides the network, made from headers, before anything is allocated.
struct TaskMemory {
  /// The peak memory in bytes.
  let bytes: Int

  /// The number of pixels below which memory is not checked.
  private static let uncheckedLimit = 16_000_000

  /// A picture file's header and its length in bytes.
  typealias File = (header: PictureHeader, bytes: Int)

  /// - Parameters:
  ///   - hole: Nil if the hole is in the picture's own alpha channel.
  ///   - quality: As in `InpaintingRequest`.
  init(picture: File, hole: File?, output: OutputFile, quality: Int?) {
    let pixels = picture.header.width * picture.header.height
    let kept = picture.header.pictureBytes(keepsGray: true)
    let reading = picture.header.readingBytes(keepsGray: true, fileBytes: picture.bytes)
    // The hole has a byte a pixel, and is made of one channel of its picture.
    let readingHole = hole.map { hole in
      max(
        hole.header.readingBytes(keepsGray: true, fileBytes: hole.bytes),
        hole.header.pictureBytes(keepsGray: true) + 2 * pixels)
    }
    bytes = max(reading, kept + (readingHole ?? 2 * pixels), kept + pixels + Self.encoding(pixels, output, quality))
  }

  /// JPEG and PNG are encoded row by row; libwebp 1.2.4 was measured to take 21 bytes a pixel for lossless, and 6 for
  /// lossy files, besides a picture with alpha.
  private static func encoding(_ pixels: Int, _ output: OutputFile, _ quality: Int?) -> Int {
    output.contents == .picture(.webp) ? pixels * (quality == nil ? 25 : 10) : 0
  }

  /// - Parameters:
  ///   - name: The name of the picture in messages.
  ///   - available: The available bytes; nil if they are unknown.
  /// - Throws: `Failure` of the kind `data` if a large picture would take more memory than there is.
  func requireRoom(for header: PictureHeader, name: String, available: Int? = Memory.available) throws {
    guard header.width * header.height >= Self.uncheckedLimit, let available, bytes > available else { return }
    throw Failure(
      .data,
      "\(name): filling a picture of \(header.width)x\(header.height) takes about \(Self.gigabytes(bytes)) of memory, "
        + "and \(Self.gigabytes(available)) are free; cut the part with the hole out of the picture")
  }

  private static func gigabytes(_ bytes: Int) -> String {
    let tenths = (bytes + 99_999_999) / 100_000_000
    return "\(tenths / 10).\(tenths % 10) GB"
  }
}
