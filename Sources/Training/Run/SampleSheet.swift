import Evaluation
import Imaging
import InpaintingData
import InpaintingModels
import Kernels
import Tensors

/// A sample sheet: fixed validation pictures, one per row, filled by the current weights.
///
/// The columns are the original, the picture with its hole, the conditions of the model, the output of each stage, the
/// predicted label maps if the model predicts any, the completed picture, and the fill by patches of the known pixels
/// (`ClassicalFill.patches`), a baseline that looks sharp without any learning.
struct SampleSheet {
  /// The number of pictures on a sheet.
  static let rowCount = 4

  private let pictures: [InpaintingBatch]
  private let examples: [Example]
  private let patches: [Picture]
  /// The row numbers of this rank's pictures on the sheet.
  private let rows: [Int]
  private let communicator: any Communicator

  init(_ validation: Validation) {
    rows = validation.numbers.filter { $0 < Self.rowCount }
    communicator = validation.communicator
    pictures = Array(validation.pictures.prefix(rows.count))
    examples = Array(validation.examples.prefix(rows.count))
    patches = examples.map { example in
      var filled = example.picture
      ClassicalFill.patches.fill(&filled, hole: example.hole, threads: Threads.count)
      return filled
    }
  }

  /// Fills this rank's pictures, and lays out the rows of all ranks: a collective call.
  ///
  /// - Throws: The `Failure` with which another rank has ended.
  func picture(of model: any InpaintingModel) throws -> Picture {
    let own = pictures.indices.map { SheetRow(number: rows[$0], cells: cells(of: model, $0)) }
    let all = try communicator.allGather(own.flatMap(\.bytes)).flatMap(SheetRow.all)
    return Picture(grid: all.sorted { $0.number < $1.number }.map(\.cells))
  }

  private func cells(of model: any InpaintingModel, _ index: Int) -> [Picture] {
    let (batch, example) = (pictures[index], examples[index])
    let filling = model.fill(batch)
    // `holes` is 1 in the hole, which is white, as in hole pictures.
    let damaged = batch.known + batch.holes
    let conditions = model.conditions.compactMap { example.conditions[$0]?.shown(with: example.hole) }
    let labels = model.labelMaps(of: filling)?.map(\.colors) ?? []
    return [Picture(batch.images), Picture(damaged)] + conditions + filling.stages.map { Picture($0.pictures) }
      + labels
      + [Picture(filling.completed), patches[index]]
  }
}

/// A row of a sample sheet, serialized for the all-gather.
private struct SheetRow {
  let number: Int
  let cells: [Picture]

  var bytes: [UInt8] {
    [UInt8](littleEndianOf: number, cells.count)
      + cells.flatMap { [UInt8](littleEndianOf: $0.width, $0.height, $0.channels) + $0.pixels }
  }

  /// Parses the rows of one rank.
  static func all(_ bytes: [UInt8]) -> [SheetRow] {
    var rest = bytes[...]
    func number() -> Int {
      defer { rest = rest.dropFirst(8) }
      return Int(littleEndian: rest.prefix(8))
    }
    func picture() -> Picture {
      let (width, height, channels) = (number(), number(), number())
      let count = width * height * channels
      defer { rest = rest.dropFirst(count) }
      return Picture(width: width, height: height, channels: channels, pixels: Array(rest.prefix(count)))
    }
    var rows: [SheetRow] = []
    while !rest.isEmpty {
      let (row, count) = (number(), number())
      rows.append(SheetRow(number: row, cells: (0..<count).map { _ in picture() }))
    }
    return rows
  }
}
