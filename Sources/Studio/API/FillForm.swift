import Imaging
import Inpainting
import Support

/// The form of `POST /api/v1/fill` and `labels`: files and options.
struct FillForm: Sendable {
  let files: EncodedInpainting.Files
  let model: String
  /// The page's name for its job in the queue; empty for none.
  let job: String
  let format: PictureFormat?
  let settings: InpaintingRequest
  /// Makes filled pixels opaque.
  let makesFilledOpaque: Bool

  private static let fileFields = ["image", "hole", "sketch", "labels"]
  private static let optionFields = [
    "model", "job", "strategy", "paste", "detail", "seed", "quality", "format", "hole_is", "opacity",
  ]

  /// - Parameter maxMegapixels: The maximum number of megapixels of a picture.
  /// - Throws: `HTTPError` with the status 400 for fields that are missing, unknown or out of range.
  init(_ form: MultipartForm, maxMegapixels: Int) throws {
    try form.require(Self.fileFields + Self.optionFields)
    let convention = try Self.convention(form)
    // A hole with the convention `alpha` is passed on, as `EncodedInpainting` throws for it.
    files = EncodedInpainting.Files(
      picture: try form.file("image"),
      hole: convention != .alpha || form.names.contains("hole") ? try form.file("hole") : nil,
      sketch: form.names.contains("sketch") ? try form.file("sketch") : nil,
      labels: form.names.contains("labels") ? try form.file("labels") : nil)
    makesFilledOpaque = try Self.choice("opacity", form) { ["keep": false, "fill": true][$0] } ?? false
    model = try form.text("model") ?? "methods/patches"
    job = try form.text("job") ?? ""
    guard job.utf8.allSatisfy({ (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }), job.utf8.count <= 64
    else {
      throw HTTPError(
        400, "The form, job: expected at most 64 lower-case letters, digits and hyphens, found another text.")
    }
    format = try Self.choice("format", form) { name in
      PictureFormat.allCases.first { $0.fileExtensions.contains(name) }
    }
    settings = InpaintingRequest(
      image: "", hole: nil, output: "",
      convention: convention,
      strategy: try Self.choice("strategy", form) { FillingStrategy(rawValue: $0) },
      pasting: try Self.choice("paste", form) { Pasting(rawValue: $0) },
      detail: try Self.choice("detail", form) { Double($0).flatMap { (0...1).contains($0) ? $0 : nil } },
      seed: try Self.choice("seed", form) { UInt64($0) },
      quality: try Self.choice("quality", form) { Int($0) }, maxMegapixels: maxMegapixels)
  }

  /// The meaning of a hole picture's pixels.
  static func convention(_ form: MultipartForm) throws -> HoleConvention {
    try choice("hole_is", form) { HoleConvention(rawValue: $0) } ?? .white
  }

  private static func choice<Value>(
    _ name: String, _ form: MultipartForm, _ read: (String) -> Value?
  ) throws -> Value? {
    guard let text = try form.text(name), !text.isEmpty else { return nil }
    guard let value = read(text) else {
      throw HTTPError(400, "The form, \(name): expected \(expected[name] ?? "a value"), found “\(text.prefix(64))”.")
    }
    return value
  }

  private static let expected = [
    "format": "jpg, png or webp", "hole_is": "white, black or alpha", "opacity": "keep or fill",
    "strategy": "whole or crop", "paste": "plain or seamless",
    "detail": "a number from 0 to 1", "seed": "a whole number of at least 0", "quality": "a whole number from 1 to 100",
  ]
}

extension MultipartForm {
  /// - Throws: `HTTPError` with the status 400 for an unknown field.
  func require(_ known: [String]) throws {
    guard let unknown = names.first(where: { !known.contains($0) }) else { return }
    throw HTTPError(
      400, "The form: expected the fields \(known.joined(separator: ", ")), found \(unknown.prefix(64)).")
  }

  /// - Throws: `HTTPError` with the status 400 if there is no file of that name, or an empty one.
  func file(_ name: String) throws -> [UInt8] {
    guard let bytes = bytes(name), !bytes.isEmpty else {
      throw HTTPError(400, "The form, \(name): expected a picture file, found none.")
    }
    return bytes
  }
}

extension Setting {
  /// The spelling of settings as fields of the form.
  static let asField: Spelling = { setting in
    let names = ["convention": "hole_is", "pasting": "paste"]
    return (names[setting.name] ?? setting.name) + (setting.value.map { " " + $0 } ?? "")
  }
}

extension HTTPError {
  /// The HTTP error for a failure.
  init(_ failure: Failure) {
    let status =
      switch failure.kind {
      case .usage, .data, .configuration: 400
      case .missingInput: 404
      case .exists, .internalError, .inputOutput: 500
      }
    self.init(status, failure.line(Setting.asField))
  }
}

/// The form of `POST /api/v1/read`: one hole, sketch or label file, and what its interpretation depends on.
struct LayerForm: Sendable {
  let bytes: [UInt8]
  /// The size of the picture that the file goes with.
  let size: (width: Int, height: Int)
  /// The model whose classes the labels have; nil for other files.
  let model: String?
  /// The field that the file came in.
  private let name: String
  private let convention: HoleConvention

  private static let files = ["hole", "sketch", "labels"]

  /// - Throws: `HTTPError` with the status 400 for fields that are missing, unknown or out of range.
  init(_ form: MultipartForm) throws {
    try form.require(Self.files + ["size", "hole_is", "model"])
    let given = form.names.filter(Self.files.contains)
    guard given.count == 1 else {
      throw HTTPError(400, "The form: expected one of the files hole, sketch and labels, found \(given.count) of them.")
    }
    name = given[0]
    bytes = try form.file(name)
    convention = try FillForm.convention(form)
    guard convention != .alpha else {
      throw HTTPError(400, "The form, hole_is: expected white or black for a hole picture, found “alpha”.")
    }
    let sides = try (form.text("size") ?? "").split(separator: "x", omittingEmptySubsequences: false).map {
      Int($0) ?? 0
    }
    guard sides.count == 2, sides.allSatisfy({ $0 > 0 }) else {
      throw HTTPError(400, "The form, size: expected the picture's, such as 640x480, found something else.")
    }
    size = (sides[0], sides[1])
    model = try form.text("model")
    guard (model != nil) == (name == "labels") else {
      throw HTTPError(400, "The form, model: expected one with labels, and none with other files.")
    }
  }

  /// - Parameter classes: The classes of the model.
  /// - Throws: `HTTPError` with the status 400 for labels if the model has no classes.
  func kind(_ classes: LabelClasses?) throws -> EncodedLayer.Kind {
    switch name {
    case "hole": return .hole(convention)
    case "sketch": return .sketch
    default:
      guard let classes else {
        throw HTTPError(400, "The labels: expected a network that fills by labels, found a model without them.")
      }
      return .labels(classes)
    }
  }
}
