import Imaging
import InpaintingData
import InpaintingModels
import Tensors
import TestSupport
import Testing

@testable import Inpainting
@testable import Support

struct PictureFillerTests {
  @Test(arguments: [FillingStrategy.whole, .crop])
  func `outside the hole every byte stays, whatever the sizes and holes`(_ strategy: FillingStrategy) throws {
    let filler = PictureFiller(model: tinyModel(), trainedSize: 16)
    var random = RandomStream(seed: 7, purpose: "identity")
    for round in 0..<40 {
      let (width, height) = (random.integer(in: 1...50), random.integer(in: 1...50))
      let picture = Picture.noise(width: width, height: height, hasAlpha: random.chance(0.5), seed: UInt64(round))
      let hole = random.hole(width: width, height: height)
      let result = try filler.fill(Example(picture, hole), strategy: strategy, showing: .stages)
      for shown in [result.picture] + result.stages.map(\.picture) {
        #expect((shown.width, shown.height) == (width, height))
        #expect(shown.alpha == picture.alpha)
        for index in hole.values.indices where hole.values[index] == 0 {
          #expect(shown.pixels[3 * index..<3 * index + 3] == picture.pixels[3 * index..<3 * index + 3])
        }
      }
    }
  }

  @Test(arguments: [FillingStrategy.whole, .crop])
  func `one color is pasted exactly where the hole is`(_ strategy: FillingStrategy) throws {
    let filler = PictureFiller(model: PaintingModel([10, 200, 77]), trainedSize: 16)
    var random = RandomStream(seed: 9, purpose: "color")
    for round in 0..<60 {
      let (width, height) = (random.integer(in: 1...70), random.integer(in: 1...70))
      let picture = Picture.noise(width: width, height: height, seed: UInt64(round))
      let hole = random.hole(width: width, height: height)
      let filled = try filler.fill(Example(picture, hole), strategy: strategy).picture
      // Scaled up again, the color mixes with what is known at the hole's edge.
      let isScaled = strategy == .crop && !hole.isEmpty && max(width, height) > 16
      for index in hole.values.indices {
        let pixel = [UInt8](filled.pixels[3 * index..<3 * index + 3])
        if hole.values[index] == 0 {
          #expect(pixel == [UInt8](picture.pixels[3 * index..<3 * index + 3]))
        } else if !isScaled {
          #expect(pixel == [10, 200, 77])
        }
      }
    }
  }

  @Test func `at full resolution crops are filled with the model's color to the last pixel`() throws {
    let filler = PictureFiller(model: PaintingModel([10, 200, 77]), trainedSize: 32)
    let picture = Picture.noise(width: 200, height: 150)
    let hole = Hole.hole(
      width: 200, height: 150, PixelRectangle(0, 0, 16, 16), PixelRectangle(190, 140, 10, 10),
      PixelRectangle(0, 75, 200, 2), PixelRectangle(100, 0, 1, 150))
    let filled = try filler.fill(Example(picture, hole), strategy: .crop)
    #expect(filled.regionCount > 8)
    for index in hole.values.indices {
      let expected = hole.values[index] == 0 ? Array(picture.pixels[3 * index..<3 * index + 3]) : [10, 200, 77]
      #expect(Array(filled.picture.pixels[3 * index..<3 * index + 3]) == expected)
    }
  }

  @Test func `a region that is scaled down is filled at its place`() throws {
    // A model that paints left red and right blue.
    let model = PaintingModel { batch in
      let (height, width) = (batch.images.shape[1], batch.images.shape[2])
      return Tensor(
        (0..<height * width).flatMap { $0 % width < width / 2 ? [1, -1, -1] : [-1, -1, 1] },
        shape: [1, height, width, 3])
    }
    let hole = Hole.hole(width: 300, height: 300, PixelRectangle(100, 110, 80, 60))
    let filled = try PictureFiller(model: model, trainedSize: 32).fill(
      Example(Picture(width: 300, height: 300, filledWith: [0, 1, 0]), hole), strategy: .crop
    ).picture
    #expect(filled.pixel(120, 140) == [255, 0, 0])
    #expect(filled.pixel(160, 140) == [0, 0, 255])
    #expect(filled.pixel(99, 140) == [0, 1, 0])
    #expect(model.batches.map(\.images.shape) == [[1, 32, 32, 3]])
  }

  @Test(arguments: [FillingStrategy.whole, .crop])
  func `what is in the hole plays no part`(_ strategy: FillingStrategy) throws {
    let filler = PictureFiller(model: tinyModel(), trainedSize: 16)
    let hole = Hole.hole(width: 70, height: 60, PixelRectangle(10, 12, 30, 25), PixelRectangle(55, 0, 1, 60))
    let picture = Picture.noise(width: 70, height: 60)
    let other = Picture.noise(width: 70, height: 60, seed: 2)
    var disguised = picture
    for index in hole.values.indices where hole.values[index] != 0 {
      for channel in 0..<3 { disguised.pixels[3 * index + channel] = other.pixels[3 * index + channel] }
    }
    let first = try filler.fill(Example(picture, hole), strategy: strategy).picture
    #expect(try filler.fill(Example(disguised, hole), strategy: strategy).picture == first)
  }

  @Test func `later regions see what earlier ones made`() throws {
    let model = PaintingModel([255, 255, 255])
    let hole = Hole.hole(width: 64, height: 16, PixelRectangle(0, 8, 64, 1))
    _ = try PictureFiller(model: model, trainedSize: 16).fill(
      Example(Picture(width: 64, height: 16, filledWith: [0, 0, 0]), hole), strategy: .crop)
    let second = try #require(model.batches.dropFirst().first)
    let missing = second.holes.sliced([0..<1, 8..<9, 0..<16, 0..<1]).elements
    let red = second.images.sliced([0..<1, 8..<9, 0..<16, 0..<1]).elements
    #expect(missing.first == 0 && missing.last == 1)
    #expect(red.first == 1)
  }

  @Test func `without a hole nothing is computed, and a hole that is everything is filled`() throws {
    let model = PaintingModel([1, 2, 3])
    let filler = PictureFiller(model: model, trainedSize: 16)
    let picture = Picture.noise(width: 9, height: 1)
    let empty = try filler.fill(Example(picture, .hole(".........")))
    #expect(empty.picture == picture && empty.regionCount == 0 && model.batches.isEmpty)
    let full = try filler.fill(Example(picture, .hole("#########")))
    #expect(full.picture == Picture(width: 9, height: 1, filledWith: [1, 2, 3]))
    let dot = try filler.fill(Example(.noise(width: 1, height: 1), .hole("#")), strategy: .crop)
    #expect(dot.picture.pixels == [1, 2, 3])
  }

  @Test(arguments: [FillingStrategy.whole, .crop])
  func `a gray picture is filled in gray, in its channels`(_ strategy: FillingStrategy) throws {
    let filler = PictureFiller(model: PaintingModel([10, 200, 77]), trainedSize: 32)
    let hole = Hole.hole(width: 60, height: 50, PixelRectangle(3, 3, 9, 7), PixelRectangle(50, 40, 5, 5))
    // Its color is only in the hole.
    var colored = Picture.noise(width: 60, height: 50).gray().rgb()
    colored.pixels.replaceSubrange((3 * 60 + 3) * 3..<(3 * 60 + 3) * 3 + 3, with: [250, 0, 10])
    for picture in [colored.gray(), colored] {
      let result = try filler.fill(Example(picture, hole), strategy: strategy, showing: .stages)
      #expect(result.picture.channels == picture.channels)
      for index in hole.values.indices {
        let pixel = result.picture.pixels[index * picture.channels..<(index + 1) * picture.channels]
        // 0.299 · 10 + 0.587 · 200 + 0.114 · 77
        let expected = hole.values[index] == 1 ? 129 : colored.gray().pixels[index]
        #expect(pixel.allSatisfy { $0 == expected })
      }
      #expect(result.stages[0].picture.channels == picture.channels)
    }
    // One pixel of color is enough.
    var almost = colored
    almost.pixels[0] ^= 1
    #expect(try filler.fill(Example(almost, hole), strategy: strategy).picture.pixel(5, 5) == [10, 200, 77])
  }

  @Test func `a picture that nobody else holds is filled in its own memory`() throws {
    let filler = PictureFiller(model: PaintingModel([10, 200, 77]), trainedSize: 32)
    let hole = Hole.hole(width: 60, height: 50, PixelRectangle(3, 3, 9, 7), PixelRectangle(50, 40, 5, 5))
    let handover = Handover(Example(.noise(width: 60, height: 50), hole))
    let before = handover.value.picture.pixels.withUnsafeBufferPointer { $0.baseAddress }
    let filled = try filler.fill(handover.take(), strategy: .crop)
    #expect(filled.picture.pixels.withUnsafeBufferPointer { $0.baseAddress } == before)
  }

  @Test func `stages and attention are shown on demand`() throws {
    let filler = PictureFiller(model: tinyModel(), trainedSize: 32)
    let picture = Picture.noise(width: 40, height: 30)
    let hole = Hole.hole(width: 40, height: 30, PixelRectangle(16, 8, 8, 8))
    let plain = try filler.fill(Example(picture, hole))
    #expect(plain.stages.isEmpty && plain.attention == nil)
    let shown = try filler.fill(Example(picture, hole), showing: [.stages, .attention])
    #expect(shown.picture == plain.picture)
    #expect(shown.stages.map(\.name) == ["coarse"])
    #expect(shown.stages[0].picture != shown.picture)
    let attention = try #require(shown.attention)
    #expect((attention.width, attention.height) == (40, 30))
    #expect(attention.pixel(0, 0) == [255, 255, 255] && attention.pixel(20, 12) != [255, 255, 255])
  }

  @Test func `tensors have the picture's size and composite as the model does`() throws {
    let filler = PictureFiller(model: tinyModel(), trainedSize: 32)
    let picture = Picture.noise(width: 21, height: 13)
    let tensors = try filler.tensors(
      of: Example(picture, .hole(width: 21, height: 13, PixelRectangle(3, 3, 5, 6))))
    #expect(tensors.map(\.name) == ["coarse", "refined", "composited"])
    #expect(tensors.allSatisfy { $0.value.shape == [1, 13, 21, 3] })
    let (refined, composited) = (tensors[1].value, tensors[2].value)
    #expect(
      composited.sliced([0..<1, 3..<9, 3..<8, 0..<3]).elements == refined.sliced([0..<1, 3..<9, 3..<8, 0..<3]).elements)
    #expect(
      composited.sliced([0..<1, 0..<3, 0..<21, 0..<3]).elements
        == picture.tensor.sliced([0..<1, 0..<3, 0..<21, 0..<3]).elements)
  }

  @Test func `conditions follow their regions, scaled as they are, and what the model does not take plays no part`()
    throws
  {
    let hole = Hole.hole(width: 300, height: 200, PixelRectangle(100, 60, 8, 8), PixelRectangle(210, 120, 60, 60))
    // A thin line through both holes' views.
    let edges = EdgeMap(
      width: 300, height: 200, values: (0..<300 * 200).map { $0 % 300 == 105 || $0 % 300 == 240 ? 1 : 0 })
    let picture = Picture.noise(width: 300, height: 200)
    let example = Example(picture, hole, conditions: Conditions([edges]))
    let guided = PaintingModel(conditions: [.edges]) { $0.images }
    _ = try PictureFiller(model: guided, trainedSize: 32).fill(example, strategy: .crop)
    #expect(guided.batches.count == 2)
    for (batch, column) in zip(guided.batches, [17, 16]) {
      let row = try #require(batch[.edges]).sliced(axis: 1, 16..<17).elements
      #expect(row[column] == 1 && row.reduce(0, +) <= 3)
    }
    let unguided = PaintingModel { $0.images }
    _ = try PictureFiller(model: unguided, trainedSize: 32).fill(example, strategy: .crop)
    #expect(unguided.batches.allSatisfy { $0[.edges] == nil })
  }

  @Test func `numbers that are none are a failure, not a black hole`() {
    let model = PaintingModel { Tensor(repeating: .nan, shape: $0.images.shape) }
    let failure = #expect(throws: Failure.self) {
      try PictureFiller(model: model, trainedSize: 16).fill(Example(.noise(width: 2, height: 1), .hole("#.")))
    }
    #expect(failure?.kind == .data)
  }
}

struct PaddedInputTests {
  @Test func `pictures and holes are reflected alike, and what was added is taken away`() {
    let picture = Picture.noise(width: 3, height: 2)
    let input = PaddedInput(Example(picture, .hole("#..", "..#")), for: PaintingModel([1, 2, 3], sizeMultiple: 4))
    #expect(input.batch.images.shape == [1, 4, 4, 3])
    #expect(input.batch.holes.elements == [1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0])
    #expect(Picture(input.unpadded(input.batch.images)) == picture)
    #expect(input.batch.images[0, 3, 3, 2] == input.batch.images[0, 1, 1, 2])
    #expect(input.batch[.edges] == nil)
  }

  @Test func `a guided model gets an empty drawing if there is none, and the drawing if there is`() throws {
    let model = PaintingModel(sizeMultiple: 4, conditions: [.edges]) { $0.images }
    let picture = Picture.noise(width: 3, height: 4)
    let hole = Hole.hole("...", "...", "...", "..#")
    let empty = PaddedInput(Example(picture, hole), for: model)
    #expect(try #require(empty.batch[.edges]).elements.allSatisfy { $0 == 0 })
    let edges = EdgeMap(width: 3, height: 4, values: [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    let drawn = PaddedInput(Example(picture, hole, conditions: Conditions([edges])), for: model)
    #expect(try #require(drawn.batch[.edges]).elements == [0, 1, 0, 1] + [Scalar](repeating: 0, count: 12))
  }

  @Test func `a model that starts from a fill gets that of the padded picture`() throws {
    let model = PaintingModel(sizeMultiple: 8, conditions: [.start]) { $0.images }
    let example = Example(.noise(width: 11, height: 13), Hole(width: 11, height: 13) { x, y in x > 3 && y > 8 })
    let padded = example.padded(toMultipleOf: 8)
    let start = try #require(PaddedInput(example, for: model).batch[.start])
    #expect(start.shape == [1, 16, 16, 3])
    #expect(start.elements == PullPushFill(padded.picture, hole: padded.hole).values.map { Scalar($0) })
  }
}

struct FillingStrategyTests {
  @Test func `pictures of about the trained size are filled whole`() {
    #expect(FillingStrategy.suiting(width: 256, height: 256, trainedSize: 256) == .whole)
    #expect(FillingStrategy.suiting(width: 384, height: 10, trainedSize: 256) == .whole)
    #expect(FillingStrategy.suiting(width: 10, height: 385, trainedSize: 256) == .crop)
  }
}
