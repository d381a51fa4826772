import InpaintingModels
import Kernels
import Support

/// The checkpoint from which a run is resumed.
package enum ResumeRequest: Equatable, Sendable {
  /// The newest intact checkpoint of the run directory.
  case newest
  /// The checkpoint at a path.
  case file(String)

  /// Loads the checkpoint.
  ///
  /// - Returns: Nil if the run was stopped before its first checkpoint, so that it starts over.
  /// - Throws: `Failure`; of the kind `data` if a run without a checkpoint had initial weights.
  /// - Precondition: The run directory is locked by `lockForResuming`.
  func checkpoint(in directory: RunDirectory, store: CheckpointStore, console: Console) throws -> LoadedCheckpoint? {
    switch self {
    case .newest:
      let newest = try store.newest { console.warn($0) }
      if newest == nil { try directory.refuseLostStart() }
      if newest == nil { console.warn("\(directory.path) has no checkpoint yet: the run starts from its beginning.") }
      return newest
    case .file(let path): return try LoadedCheckpoint(path: path)
    }
  }
}

extension LoadedCheckpoint {
  /// Compares the configuration and this build with those of the checkpoint. Changed settings, a changed list of
  /// pictures, and another BLAS kernel, instruction set or GEMM back end are warnings.
  ///
  /// - Parameter pictures: The list of training pictures; nil for built-in ones.
  /// - Throws: `Failure` of the kind `configuration` if the model differs, or the phases up to the checkpoint's step;
  ///   `data` if the configuration in the checkpoint cannot be parsed.
  func checkAgreement(with configuration: TrainingConfiguration, pictures: PictureList? = nil, console: Console) throws
  {
    let written = try JSONValue(
      parsing: Array(fields.configuration.utf8), as: .strict, source: "\(path), metadata", kind: .data)
    let (changes, phases) = configuration.changes(since: written, step: fields.step)
    if let change = changes.first(where: { $0.path.hasPrefix("model.") }) {
      throw Failure(
        .configuration,
        sentence: """
          \(path): the checkpoint is of another model, as \(change.description); start a new run with another \
          \(setting: .directory).
          """)
    }
    if let phases {
      throw Failure(
        .configuration,
        sentence: """
          \(path): expected the phases \(phases.old), which reached step \(fields.step), found \(phases.new); \
          name the phases as they were, or start a new run with another \(setting: .directory).
          """)
    }
    for change in changes { console.warn("since the checkpoint, \(change.description)") }
    // With a changed `data.train`, which is a warning above, the list differs anyway.
    if let pictures, !changes.contains(where: { $0.path == "data.train" }),
      let difference = fields.pictures.flatMap({ PictureList($0) })?.difference(from: pictures)
    {
      console.warn(difference)
    }
    if fields.blas != CheckpointFields.currentBLAS {
      console.warn(
        "the checkpoint was written with OpenBLAS \(fields.blas), and this is \(CheckpointFields.currentBLAS): the run "
          + "goes on, but not bit for bit")
    }
    let build = InstructionSet.ofBuild.rawValue
    if let written = fields.instructionSet, written != build {
      console.warn(
        "the checkpoint was written by a build for \(written), and this is one for \(build): the run goes on, but not "
          + "bit for bit")
    }
    let backEnd = ConvolutionMethod.backEnd.rawValue
    if let written = fields.backEnd, written != backEnd {
      console.warn(
        "the checkpoint was written with matrix products by \(written), and these are by \(backEnd): the run goes on, but "
          + "not bit for bit")
    }
  }
}
