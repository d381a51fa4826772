import Imaging
import Inpainting

/// The form of `POST /api/v1/read`: one file of a hole, of lines or of labels, and what its reading depends on.
struct LayerForm: Sendable {
  let bytes: [UInt8]
  /// The size of the picture that the file goes with.
  let size: (width: Int, height: Int)
  /// The model whose classes labels have; nil for other files.
  let model: String?
  /// The field that the file came in.
  private let name: String
  private let convention: HoleConvention

  private static let files = ["hole", "sketch", "labels"]

  /// - Throws: `HTTPFault` with the status 400 for fields that are missing, unknown or out of range.
  init(_ form: MultipartForm) throws {
    try form.require(Self.files + ["size", "hole_is", "model"])
    let given = form.names.filter(Self.files.contains)
    guard given.count == 1 else {
      throw HTTPFault(400, "The form: expected one of the files hole, sketch and labels, found \(given.count) of them.")
    }
    name = given[0]
    bytes = try form.file(name)
    convention = try FillForm.convention(form)
    guard convention != .alpha else {
      throw HTTPFault(400, "The form, hole_is: expected white or black for a hole picture, found “alpha”.")
    }
    let sides = try (form.text("size") ?? "").split(separator: "x", omittingEmptySubsequences: false).map {
      Int($0) ?? 0
    }
    guard sides.count == 2, sides.allSatisfy({ $0 > 0 }) else {
      throw HTTPFault(400, "The form, size: expected the picture's, such as 640x480, found something else.")
    }
    size = (sides[0], sides[1])
    model = try form.text("model")
    guard (model != nil) == (name == "labels") else {
      throw HTTPFault(400, "The form, model: expected one with labels, and none with other files.")
    }
  }

  /// - Parameter classes: Those of the model.
  /// - Throws: `HTTPFault` with the status 400 for labels if the model has no classes.
  func kind(_ classes: LabelClasses?) throws -> EncodedLayer.Kind {
    switch name {
    case "hole": return .hole(convention)
    case "sketch": return .sketch
    default:
      guard let classes else {
        throw HTTPFault(400, "The labels: expected a network that fills by labels, found a model without them.")
      }
      return .labels(classes)
    }
  }
}
