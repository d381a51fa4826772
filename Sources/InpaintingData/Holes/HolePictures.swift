package import Imaging
package import Support
import Synchronization

/// Holes from picture files, as `HoleReading` reads them: white, from 128 on, is missing.
///
/// A file is chosen at random, resized to the picture's size so that partly missing pixels are missing, and flipped
/// horizontally half of the time. A file that cannot be used is replaced by another one.
package struct HolePictures: HoleGenerator {
  /// The hole pictures to choose from, with equal probability.
  package let files: [ListedPicture]
  /// The folder or list.
  package let source: PictureSource
  /// Sentences about what was left out or counted once.
  package let remarks: [String]
  private let unusable: UnusableHoles

  /// - Parameters:
  ///   - pictures: The pictures that get the holes, which are left out where they lie among the hole pictures.
  ///   - onNotice: Called once for each file that cannot be used, with a sentence, on any thread.
  /// - Throws: As `PictureSource.listing()`; `Failure` of kind `configuration` if the source is the built-in pictures,
  ///   `data` if all of its files are the pictures themselves.
  package init(
    _ source: PictureSource, pictures: [ListedPicture] = [], onNotice: @escaping @Sendable (String) -> Void
  ) throws {
    guard !source.isBuiltIn else {
      throw Failure(
        .configuration,
        "holes: expected a folder or a list file of hole pictures, found the built-in pictures.")
    }
    let listing = try source.listing()
    files = PairedFiles.divided(pictures: pictures, holes: listing.pictures).holes
    if files.isEmpty { throw PairedFiles.ownHoles(source.path) }
    self.source = source
    remarks = listing.remarks
    unusable = UnusableHoles(onNotice)
  }

  package var holePictures: [HolePictures] { [self] }

  package func drawing(width: Int, height: Int, using stream: inout RandomStream) throws -> Hole {
    var index = 0
    for _ in 0..<HoleTries.count {
      index = stream.integer(in: 0..<files.count)
      let isMirrored = stream.chance(0.5)
      if let hole = hole(at: index, width: width, height: height) {
        return isMirrored ? hole.flippedHorizontally() : hole
      }
    }
    // Nearly all files are unusable: from here on they are tried in order.
    for step in 1..<max(2, files.count) {
      if let hole = hole(at: (index + step) % files.count, width: width, height: height) { return hole }
    }
    throw Failure(
      .data,
      "\(source.path): expected a hole picture that can be used at \(width)x\(height), found none among \(files.count)."
    )
  }

  /// The hole of a file in a size; nil, and reported once, if the file cannot be used.
  private func hole(at index: Int, width: Int, height: Int) -> Hole? {
    let key = UnusableHoles.Key(index: index, width: width, height: height)
    if unusable.contains(key) { return nil }
    do {
      return try measured(at: index, width: width, height: height).hole
    } catch {
      unusable.report(key, "The hole picture \(files[index].name) is skipped: \(error.message)")
      return nil
    }
  }

  /// Reads a file's hole in a size.
  ///
  /// - Returns: The hole, and the remark that it was read from the alpha channel, if it was.
  /// - Throws: `Failure` if the file cannot be read, or its hole is empty or covers everything.
  func measured(at index: Int, width: Int, height: Int) throws(Failure) -> (hole: Hole, remark: String?) {
    let reading: HoleReading
    do {
      reading = try HoleReading(contentsOfFile: files[index].path)
    } catch {
      throw error as? Failure ?? Failure(.internalError, "\(files[index].path): \(error)")
    }
    if let fault = reading.fault { throw Failure(.data, fault) }
    let hole = reading.hole.resized(toWidth: width, height: height)
    if hole.coversEverything {
      let known = (100 * (1 - reading.hole.missingFraction)).decimals(2)
      throw Failure(.data, "everything is missing at \(width)x\(height), though \(known) % of the file is known")
    }
    return (hole, reading.alphaRemark)
  }

  /// Records that a survey has found a file to be unusable.
  func markUnusable(at index: Int, width: Int, height: Int) {
    unusable.note(UnusableHoles.Key(index: index, width: width, height: height))
  }
}

/// The hole pictures that are known to be unusable. This affects speed and reports only.
private final class UnusableHoles: Sendable {
  /// A file in a size: a hole may cover everything in one and not in another.
  struct Key: Hashable {
    let index, width, height: Int
  }

  private let known = Mutex<Set<Key>>([])
  private let notices: Notices

  init(_ onNotice: @escaping @Sendable (String) -> Void) {
    notices = Notices(rest: "More hole pictures cannot be used; the others are not named.", say: onNotice)
  }

  func contains(_ key: Key) -> Bool { known.withLock { $0.contains(key) } }

  @discardableResult
  func note(_ key: Key) -> Bool { known.withLock { $0.insert(key).inserted } }

  /// Reports a file once, even if several threads meet it at once.
  func report(_ key: Key, _ sentence: String) {
    if note(key) { notices.add(sentence) }
  }
}
