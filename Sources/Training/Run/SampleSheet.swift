import Evaluation
import Imaging
import InpaintingData
import InpaintingModels
import Kernels
import Tensors

/// A sheet of fixed pictures, one a row: the original, with its hole, the conditions that the model is given, each
/// stage of the network, the label map that it predicts, if it does, the completed picture, and what patches of the
/// known pixels make of it, which looks sharp where nothing was learned.
struct SampleSheet {
  /// The number of pictures on a sheet.
  static let rowCount = 4

  private let pictures: [InpaintingBatch]
  private let examples: [Example]
  private let patches: [Picture]
  /// The rows that this process makes.
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

  /// Fills the pictures and lays out those of all processes.
  func picture(of model: any InpaintingModel) throws -> Picture {
    let own = pictures.indices.map { SheetRow(number: rows[$0], cells: cells(of: model, $0)) }
    let all = try communicator.allGather(own.flatMap(\.bytes)).flatMap(SheetRow.all)
    return Picture(grid: all.sorted { $0.number < $1.number }.map(\.cells))
  }

  private func cells(of model: any InpaintingModel, _ index: Int) -> [Picture] {
    let (batch, example) = (pictures[index], examples[index])
    let filling = model.fill(batch)
    // The hole is shown white, as in hole pictures.
    let damaged = batch.known + batch.holes
    let conditions = model.conditions.compactMap { example.conditions[$0]?.shown(with: example.hole) }
    let labels = model.labelMaps(of: filling)?.map(\.colors) ?? []
    return [Picture(batch.images), Picture(damaged)] + conditions + filling.stages.map { Picture($0.pictures) }
      + labels
      + [Picture(filling.completed), patches[index]]
  }
}

/// A row of a sheet as processes hand it over.
private struct SheetRow {
  let number: Int
  let cells: [Picture]

  var bytes: [UInt8] {
    [UInt8](littleEndianOf: number, cells.count)
      + cells.flatMap { [UInt8](littleEndianOf: $0.width, $0.height, $0.channels) + $0.pixels }
  }

  /// The rows whose bytes these are.
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
