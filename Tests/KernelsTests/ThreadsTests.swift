import Synchronization
import TestSupport
import Testing

@testable import Kernels

/// The only suite that changes the number of threads, and it runs one test at a time.
@Suite(.serialized) struct ThreadsTests {
  @Test(arguments: [0, 1, 3, 1000])
  func `each task runs exactly once`(tasks: Int) {
    let count = Threads.count
    defer { Threads.count = count }
    for threads in 1...4 {
      Threads.count = threads
      var runs = [Int](repeating: 0, count: tasks)
      runs.withUnsafeMutableBufferPointer { buffer in
        let base = buffer.baseAddress
        parallel(tasks: tasks) { base![$0] += 1 }
      }
      #expect(runs.allSatisfy { $0 == 1 })
    }
  }

  @Test(arguments: [(0, 4), (1, 4), (4, 4), (5, 4), (1000, 7)])
  func `ranges cover everything without overlap`(count: Int, grain: Int) {
    var visits = [Int](repeating: 0, count: count)
    let largest = Atomic<Int>(0)
    visits.withUnsafeMutableBufferPointer { buffer in
      let base = buffer.baseAddress
      parallelRanges(count, grain: grain) { range in
        largest.max(range.count, ordering: .relaxed)
        for i in range { base![i] += 1 }
      }
    }
    #expect(visits.allSatisfy { $0 == 1 })
    #expect(largest.load(ordering: .relaxed) <= grain)
  }

  @Test func `workers share the tasks`() {
    let sum = Atomic<Int>(0)
    parallelWorkers(tasks: 100) { next in
      while let task = next() { sum.add(task, ordering: .relaxed) }
    }
    #expect(sum.load(ordering: .relaxed) == 4950)
  }

  struct Kernel: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let run: @Sendable () -> [Scalar]

    init(_ name: String, _ run: @escaping @Sendable () -> [Scalar]) {
      testDescription = name
      self.run = run
    }
  }

  /// Each is large enough to be cut into several pieces.
  static let kernels: [Kernel] = others + convolutions

  private static let convolutions: [Kernel] = Products.all.flatMap { products in
    passes.map { pass in Kernel("\(pass.testDescription), \(products.testDescription)") { products.use(pass.run) } }
  }

  private static let passes: [Kernel] = [
    Kernel("convolution") {
      output(large.outputLength) { convolve(large, x: large.x, w: large.w, bias: wave(large.filters), into: $0) }
    },
    Kernel("input gradient") {
      output(large.inputLength) { convolveInputGradient(large, cotangent: large.cotangent, w: large.w, into: $0) }
    },
    Kernel("input gradient with stride 2") {
      output(strided.inputLength) {
        convolveInputGradient(strided, cotangent: strided.cotangent, w: strided.w, into: $0)
      }
    },
    Kernel("filter gradient") {
      output(large.filterLength) { convolveFilterGradient(large, x: large.x, cotangent: large.cotangent, into: $0) }
    },
    Kernel("Winograd's convolution") {
      output(wide.outputLength) { convolve(wide, x: wide.x, w: wide.w, bias: nil, into: $0) }
    },
    Kernel("Winograd's input gradient") {
      output(wide.inputLength) { convolveInputGradient(wide, cotangent: wide.cotangent, w: wide.w, into: $0) }
    },
    Kernel("Winograd's filter gradient") {
      output(wide.filterLength) { convolveFilterGradient(wide, x: wide.x, cotangent: wide.cotangent, into: $0) }
    },
    Kernel("Winograd's convolution with a large filter") {
      output(heavy.outputLength) { convolve(heavy, x: heavy.x, w: heavy.w, bias: nil, activation: .elu, into: $0) }
    },
    Kernel("Winograd's filter gradient of a large filter") {
      output(heavy.filterLength) { convolveFilterGradient(heavy, x: heavy.x, cotangent: heavy.cotangent, into: $0) }
    },
    Kernel("convolution to a picture") {
      output(narrow.outputLength) { convolve(narrow, x: narrow.x, w: narrow.w, bias: nil, into: $0) }
    },
    Kernel("filter gradient of a convolution to a picture") {
      output(narrow.filterLength) { convolveFilterGradient(narrow, x: narrow.x, cotangent: narrow.cotangent, into: $0) }
    },
  ]

  private static let others: [Kernel] = [
    Kernel("broadcast add") {
      output(300 * 700) { add(Broadcast(left: [300, 700], right: [700]), wave(210_000), wave(700), into: $0) }
    },
    Kernel("exponential") { output(200_000) { exponential(200_000, wave(200_000, scale: 20), into: $0) } },
    Kernel("gate") { output(300_000) { gate(.elu, pixels: 15_000, channels: 20, wave(600_000), into: $0) } },
    Kernel("sum of everything") {
      output(1) { sum(outer: 1, count: 500_000, inner: 1, wave(500_000, offset: 0.3), into: $0) }
    },
    Kernel("sum over rows") {
      output(24) { sum(outer: 1, count: 20_000, inner: 24, wave(480_000, offset: 0.3), into: $0) }
    },
    Kernel("softmax") { output(200_000) { softmax(rows: 400, count: 500, wave(200_000, scale: 4), into: $0) } },
    Kernel("batched matrix product") {
      output(3 * 300 * 40) {
        multiplyBatch(
          batch: 3, m: 300, n: 40, k: 70, wave(63_000), transposeA: true, aBatchStride: 21_000, wave(8_400),
          transposeB: false, bBatchStride: 2_800, into: $0)
      }
    },
    Kernel("channel moments") {
      output(48) { channelMoments(pixels: 9_000, channels: 24, wave(216_000), mean: $0, variance: $0 + 24) }
    },
    Kernel("sums of a batch normalization") {
      output(48) { sums in
        let (x, ones) = (wave(216_000), [Scalar](repeating: 1, count: 24))
        batchNormalizationSums(
          NormalizedFeatures(
            pixels: 9_000, channels: 24, x: x, output: x, cotangent: x, activation: .relu, mean: ones,
            inverseStandardDeviation: ones), into: sums)
      }
    },
    Kernel("fold") {
      output(large.inputLength) {
        fold(large, patches: wave(large.pixels * large.patchLength), into: $0)
      }
    },
    Kernel("usable softmax") {
      output(200_000) {
        maskedSoftmax(
          batch: 1, rows: 400, count: 500, scale: 3, valid: wave(500, offset: 1), validStep: 0, wave(200_000),
          into: $0)
      }
    },
    Kernel("dot product") { [dotProduct(300_000, wave(300_000), wave(300_000, frequency: 0.9))] },
    Kernel("diagonal sum") {
      output(640_000) {
        diagonalSum(
          .columns, batch: 1, height: 20, width: 40, xRows: Array(0..<20), outRows: Array(0..<20), wave(640_000),
          into: $0)
      }
    },
    Kernel("comparison of patches") {
      output(patches.matrixCount) {
        comparePatches(
          patches.grid, queries: wave(patches.queriesCount), keys: wave(patches.keysCount), scale: nil, into: $0)
      }
    },
    Kernel("patches pasted") {
      output(patches.queriesCount) {
        pastePatches(
          patches.grid, weights: wave(patches.matrixCount), values: wave(patches.keysCount), into: $0)
      }
    },
    Kernel("patches pasted the other way") {
      output(patches.keysCount) {
        pastePatchesTransposed(
          patches.grid, weights: wave(patches.matrixCount), values: wave(patches.queriesCount), into: $0)
      }
    },
    Kernel("pictures read between their pixels") {
      output(20_000 * 24) { sampleBilinear(sampling, wave(100 * 120 * 24), at: wave(40_000, scale: 130), into: $0) }
    },
    Kernel("numbers spread between pixels") {
      output(100 * 120 * 24) { scatterBilinear(sampling, wave(20_000 * 24), at: wave(40_000, scale: 130), into: $0) }
    },
    Kernel("largest products") {
      var positions = [Int](repeating: -1, count: 400)
      positions.withUnsafeMutableBufferPointer {
        argmaxOfProducts(
          m: 400, n: 700, k: 40, wave(16_000), wave(28_000, frequency: 0.9), into: $0.baseAddress!)
      }
      return positions.map { Scalar($0) }
    },
  ]

  private static let sampling = BilinearSampling(
    batch: 1, height: 100, width: 120, channels: 24, places: 20_000, slopes: [])
  private static let patches = NaivePatches(20, 40, channels: 8, kernel: 4, stride: 2)
  private static let large = ConvolutionGeometry(kernel: 3, size: 48, channels: 24, filters: 20, padding: Padding(1))
  private static let wide = ConvolutionGeometry(kernel: 3, size: 48, channels: 32, filters: 40, padding: Padding(1))
  private static let heavy = ConvolutionGeometry(
    kernel: 5, stride: 2, batch: 2, size: 29, channels: 64, filters: 384, padding: Padding(2))
  private static let narrow = ConvolutionGeometry(kernel: 3, size: 48, channels: 16, filters: 3, padding: Padding(1))
  private static let strided = ConvolutionGeometry(
    kernel: 5, stride: 2, size: 96, channels: 8, filters: 24, padding: Padding(2))

  @Test(arguments: kernels)
  func `results are identical for 1, 2, 3 and 4 threads`(kernel: Kernel) {
    let count = Threads.count
    defer { Threads.count = count }
    Threads.count = 1
    let expected = kernel.run()
    for threads in 2...4 {
      Threads.count = threads
      for _ in 0..<3 {
        let isSame = areIdentical(kernel.run(), expected)
        #expect(isSame, "with \(threads) threads")
      }
    }
  }
}
