import Foundation
import Imaging
import Support

/// What a command line asks for.
package struct InpaintingRequest: Sendable {
  /// A picture, or a folder of pictures.
  package var image: String
  /// A hole picture, or a folder of them; nil if the pictures' own opacities show the holes.
  package var hole: String?
  /// A file, or a folder.
  package var output: String
  package var convention: HoleConvention
  /// How much the network sees at once; nil chooses what suits each picture.
  package var strategy: FillingStrategy?
  /// The extension of outputs that have no name of their own; nil keeps the inputs'.
  package var format: String?
  /// Of JPEG and WebP files: 1 to 100. Nil is 95 for JPEG, and without loss for WebP.
  package var quality: Int?
  package var parts: ShownParts
  /// Whether outputs that exist are replaced.
  package var overwrites: Bool
  /// Threads that compute; nil for one a processor.
  package var threads: Int?

  package init(
    image: String, hole: String?, output: String, convention: HoleConvention = .white,
    strategy: FillingStrategy? = nil, format: String? = nil, quality: Int? = nil, parts: ShownParts = [],
    overwrites: Bool = false, threads: Int? = nil
  ) {
    self.image = image
    self.hole = hole
    self.output = output
    self.convention = convention
    self.strategy = strategy
    self.format = format
    self.quality = quality
    self.parts = parts
    self.overwrites = overwrites
    self.threads = threads
  }

  /// - Throws: `Failure` of the kind `usage` for flags that contradict one another or are out of range.
  func check() throws {
    if convention == .alpha, let hole {
      throw Failure(.usage, "--hole-is alpha takes the hole from the picture itself: leave out --hole \(hole).")
    }
    if convention != .alpha, hole == nil {
      throw Failure(.usage, "There is no --hole: expected a hole picture, or --hole-is alpha.")
    }
    try Self.check(quality, "--quality", in: 1...100)
    try Self.check(threads, "--threads", in: 1...1024)
    if let format, !OutputFile.extensions.contains(format.lowercased()) {
      throw Failure(
        .usage, "--format: expected one of \(OutputFile.extensions.joined(separator: ", ")), found \(format).")
    }
  }

  /// - Throws: `Failure` of the kind `usage` if the output's kind of file does not go with the flags.
  func check(_ output: OutputFile) throws {
    if output.contents == .tensors, strategy == .crop {
      throw Failure(
        .usage, "\(output.path) is for the numbers of a whole picture: leave out --strategy crop, or write a picture.")
    }
    if case .picture(let format) = output.contents, !format.hasQuality, quality != nil {
      throw Failure(.usage, "\(output.path): \(format.rawValue) is always without loss: leave out --quality.")
    }
    if let format, format.lowercased() != (output.path as NSString).pathExtension.lowercased() {
      throw Failure(.usage, "\(output.path) is no .\(format) file: leave out --format, or name another --output.")
    }
  }

  private static func check(_ value: Int?, _ flag: String, in range: ClosedRange<Int>) throws {
    guard let value, !range.contains(value) else { return }
    throw Failure(.usage, "\(flag): expected \(range.lowerBound) to \(range.upperBound), found \(value).")
  }

  /// Whether the output looks like a file and not like a folder.
  var namesFileAsOutput: Bool {
    OutputFile.extensions.contains((output as NSString).pathExtension.lowercased())
  }
}
