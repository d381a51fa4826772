import ArgumentParser
import CommandLine
import Evaluation
import Imaging
import InpaintingData
import InpaintingModels
import NeuralNetworks
import Support

/// `swift run evaluate`: measures the quality of fills by trained weights, compared with baselines.
@main
struct Evaluate: Command {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measures how well an inpainting network fills holes, beside fillings that need no learning.",
    discussion: """
      \(EvaluationGlossary.pictures)

      \(EvaluationGlossary.definitions)

      Exit codes: 0 done, 64 usage, 65 bad data, or a report that cannot be compared, 66 input missing, 70 a fault of \
      ours, 74 reading or writing failed, 78 bad configuration.
      """)

  @OptionGroup
  var weights: WeightOptions

  @Option(
    help: """
      A folder of pictures, a list file (.txt or .flist), or `procedural` or `procedural_landscapes`, the built-in \
      pictures.
      """)
  var data: String

  @Option(
    help: """
      `generated`, or a folder or list file of hole pictures, white = missing: by the pictures' names, with a suffix such as \
      _mask001 too, or dealt out by seed and name if none has a picture's name.
      """)
  var holes = "generated"

  @Option(
    help: """
      Measure how well edges follow a sketch: `generated`, the originals' own edges, which guided weights are given; `none`, the \
      same edges, given to nobody; or a folder of pictures of lines, by the pictures' names.
      """)
  var sketch: String?

  @Option(
    help: """
      Measure predicted labels, textures class by class, and how well fillings follow requested labels: `generated`, the built-in pictures' own maps; a \
      folder of label maps by the pictures' names; or `none`, which leaves out what needs true maps.
      """)
  var labels: String?

  @Option(help: "Write every number, of each picture too, as JSON.")
  var json: String?

  @Option(help: "Write a page with tables, bars and pictures side by side.")
  var html: String?

  @Option(help: "Compare with an older JSON report on the same pictures and holes.")
  var against: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      """
      Measure LPIPS with these weights: a state dictionary of the lpips package with trunk and heads, or, given twice, \
      torchvision's trunk and the package's heads (lpips/weights/v0.1/alex.pth); .pth or .safetensors.
      """, valueName: "file"))
  var lpipsWeights: [String] = []

  @Option(help: "The trunk of LPIPS: alex, vgg or squeeze (default: the one that the heads belong to).")
  var lpipsNet: PerceptualNetwork?

  @Option(
    help: ArgumentHelp(
      """
      Measure FID with these weights of Inception, pytorch-fid's pt_inception-2015-12-05-6726825d.pth; takes at least 50 \
      pictures, and is worth little below 2048.
      """, valueName: "file"))
  var inceptionWeights: String?

  @Option(help: "The side of the square in pixels (default: what the network was trained on).")
  var size: Int?

  @Option(help: "The most pictures to measure, evenly spaced in the list (default: all, 100 built-in ones).")
  var limit: Int?

  @OptionGroup
  var paste: PasteOptions

  @OptionGroup
  var threads: ThreadOptions

  @Option(help: "The seed of generated holes.")
  var seed = 0

  func run() throws {
    try threads.apply()
    let loaded = try weights.load()
    let request = try EvaluationRequest(
      data: data, holes: holes, sketch: sketch, labels: labels, classes: loaded.model.predictedClasses, size: size,
      modelSize: loaded.trainedSize,
      sizeMultiple: loaded.model.sizeMultiple,
      limit: limit, seed: seed, json: json, html: html, against: against, lpipsWeights: lpipsWeights,
      lpipsNet: lpipsNet, inceptionWeights: inceptionWeights)
    let pasting = paste.pasting ?? .plain
    let detail = paste.detail ?? 0
    let isGuided = loaded.model.conditions.contains(.edges)
    if let sketch, sketch != "none", !isGuided {
      throw Failure(
        .usage,
        "--sketch \(sketch): expected guided weights, found weights that take no edges; use --sketch none, or leave it out."
      )
    }
    let way =
      (pasting == .plain ? "" : ", pasted seamlessly") + (detail > 0 ? ", with \(detail) of patches' detail" : "")
      + (isGuided ? request.sketchDescription.map { ", \($0)" } ?? "" : "")
    let progress = ProgressBar(total: request.pictures.count)
    let predictsLabels = loaded.model.predictedClasses != nil
    let labeling = request.labelClasses.map { classes in
      LabelPrediction(
        classes: classes, followsLabels: loaded.model.requestedClasses != nil,
        predict: !predictsLabels
          ? nil
          : { example in
            guard let map = loaded.model.labelMaps(of: [example])?.first else {
              preconditionFailure("Evaluate: the model predicts labels of \(classes.name) and has none")
            }
            return map
          })
    }
    try request.run(
      weights: WeightsIdentity(name: "\(weights.weights), \(loaded.description)\(way)", hash: loaded.hash),
      labeling: labeling,
      fill: { loaded.model.fill([$0]).completed(of: $0, pasting: pasting, detail: detail) },
      onProgress: { progress.update(step: $0, images: 1, losses: []) },
      onNotice: { progress.warn($0) },
      onMeasured: { progress.finish() },
      output: { print($0) })
  }
}

extension PerceptualNetwork: ExpressibleByArgument {}
