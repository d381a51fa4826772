public import ArgumentParser
import CommandLine
import Imaging
import Inpainting
import Support

/// `swift run inpaint`: fills holes in pictures with a trained network or by a classical method.
@main
struct Inpaint: Command {
  static let configuration = CommandConfiguration(
    commandName: "inpaint",
    abstract: "Fills holes in pictures with a trained network, or by a classical method.",
    discussion: """
      Pictures are \(PictureFormat.list), upright by their EXIF orientation; output is what the name of --output ends in. Every \
      pixel outside the hole keeps its bytes in PNG and lossless WebP, and the output its size, opacities, color profile, \
      resolution, EXIF data and XMP; thumbnails are left out, and gray pictures are filled in gray. Hole pictures have the \
      size of their pictures, and are white, or any bright color, where pixels are missing; if their colors are all alike, \
      their opacities are the hole.

      Folders: --image and --output are folders, --hole is one too (pictures belong together by the names without their \
      extensions, in folders as well, or by a suffix: image1.png, image1_mask001.png, also in one folder) or one hole \
      picture for all. A picture that cannot be used is skipped with a \
      sentence, and then the exit code is 65; one whose output exists is left alone, unless --overwrite is given.

      Sketches are lines in pictures of the same size, white on black, black on white, or strokes on a transparent canvas: \
      which, is found out and said. Weights of a model with `guidance` follow them; lines outside the hole change nothing, \
      and no sketch means no lines.

      Label maps have the classes of pixels; inside the hole, weights of coherence priors, and of semantic guidance with a \
      second stage, fill by them, and outside they change nothing. --show labels writes the network's own, out.labels.png: change it in any paint program, without \
      smoothing, and give it back with --labels.

      Methods fill without --weights, in pictures of any size: `harmonic` is the smoothest filling there is (Laplace's equation), \
      `telea` fast marching from the edge inwards, `patches` puts together patches of the known picture that fit.

      Strategies: `whole` shows the network all of a picture at once, `crop` the surroundings of each hole at the size of \
      the training, so that memory does not grow with the picture. Without --strategy it is `whole` up to one and a half \
      times the size of the training, and `crop` above.

      --output x.safetensors writes the network's numbers for the whole picture in place of a picture: each stage by its \
      name and `composited`, in -1...1, [1, height, width, 3].

      Exit codes: 0 done, 64 usage, 65 bad data or skipped pictures, 66 input missing, 70 a fault of ours, 73 the output \
      exists already, 74 reading or writing failed.
      """)

  @Option(help: WeightReadingOptions.weightsHelp)
  var weights: String?

  @Option(help: "Fill without weights: \(ClassicalFill.allCases.map(\.rawValue).joined(separator: ", ")).")
  var method: ClassicalFill?

  @Option(help: "The seed of --method patches. (default: 0)")
  var seed: UInt64?

  @OptionGroup
  var reading: WeightReadingOptions

  @Option(help: ArgumentHelp("The picture, or a folder of pictures.", valueName: "path"))
  var image: String

  @Option(help: ArgumentHelp("The hole picture, or a folder of them.", valueName: "path"))
  var hole: String?

  @Option(
    help: ArgumentHelp(
      "Lines that the filling follows inside the hole, for guided weights: a picture, or a folder of them.",
      valueName: "path"))
  var sketch: String?

  @Option(
    help: ArgumentHelp(
      "Classes that the filling follows inside the hole, for weights with labels: an indexed PNG as --show labels writes "
        + "it, or a folder of them.",
      valueName: "path"))
  var labels: String?

  @Option(help: ArgumentHelp("The file to write (.png, .jpg, .webp, .safetensors), or a folder.", valueName: "path"))
  var output: String

  @Option(
    name: .customLong("hole-is"),
    help: "What is missing: white, black, or what is transparent in --image itself, which becomes opaque.")
  var holeIs = HoleConvention.white

  @Option(help: "How much the network sees at once (default: by the picture's size).")
  var strategy: FillingStrategy?

  @OptionGroup
  var paste: PasteOptions

  @Option(help: "The extension of the files that are written into a folder (default: those of the pictures).")
  var format: String?

  @Option(help: "The quality of JPEG (default: 95) and WebP (default: without loss), 1 to 100.")
  var quality: Int?

  @Option(
    parsing: .upToNextOption,
    help: """
      What to write beside each output: out.coarse.png for stages, out.attention.png for attention, out.labels.png and \
      out.labels.overlay.png for labels, and out.labels.eighth.png and so on of coherence priors' smaller scales.
      """
  )
  var show: [ShownPart] = []

  @Option(help: "The largest picture that is read, in millions of pixels.")
  var maxMegapixels = 1000

  @Flag(help: "Replace outputs that exist.")
  var overwrite = false

  @OptionGroup
  var threads: ThreadOptions

  func run() throws {
    try threads.apply()
    try checkFiller()
    let run = try InpaintingRun(
      InpaintingRequest(
        image: image, hole: hole, sketch: sketch, labels: labels, output: output, convention: holeIs,
        strategy: strategy,
        pasting: paste.pasting, detail: paste.detail, method: method, seed: seed, format: format, quality: quality,
        parts: ShownParts(show.map(\.part)),
        maxMegapixels: maxMegapixels, overwrites: overwrite),
      console: .commandLine)
    let summary = try fill(run)
    print(summary.line.text(Setting.asFlag))
    if !summary.isComplete { throw ExitCode(.data) }
  }

  private func fill(_ run: InpaintingRun) throws -> InpaintingSummary {
    if let method { return try run.run(by: method) }
    guard let weights else { preconditionFailure("Inpaint: neither weights nor a method") }
    let loaded = try reading.load(path: weights)
    return try run.run(model: loaded.model, trainedSize: loaded.trainedSize)
  }

  /// - Throws: `Failure` of the kind `usage` unless either weights or a method is given.
  private func checkFiller() throws {
    if method == nil, weights == nil {
      throw Failure(
        .usage, "--weights: expected trained weights, or a --method that fills without them, found neither.")
    }
    guard let method else { return }
    if let option = weights.map({ "--weights \($0)" }) ?? reading.firstGiven {
      throw Failure(
        .usage, "\(option): expected none, as --method \(method.rawValue) fills without weights; leave it out.")
    }
  }
}

/// A value of `--show`.
enum ShownPart: String, CaseIterable, ExpressibleByArgument {
  case stages, attention, labels

  var part: ShownParts {
    switch self {
    case .stages: .stages
    case .attention: .attention
    case .labels: .labels
    }
  }
}

extension HoleConvention: ExpressibleByArgument {}
extension FillingStrategy: ExpressibleByArgument {}
extension ClassicalFill: ExpressibleByArgument {}
