// swift-tools-version: 6.1
import PackageDescription

// The architecture, bottom-up: every target may use those above its own line, never those below.
let package = Package(
  name: "Kintsugi",
  products: [
    .library(name: "Kintsugi", targets: ["Training"]),
    .executable(name: "train", targets: ["train"]),
    .executable(name: "convert", targets: ["convert"]),
    .executable(name: "inpaint", targets: ["inpaint"]),
    .executable(name: "evaluate", targets: ["evaluate"]),
  ],
  traits: [
    .trait(
      name: "DoublePrecision",
      description: "Makes every tensor 64-bit, so that gradients can be checked to 1e-7. Slow: for tests.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    // What the distribution provides.
    .systemLibrary(name: "COpenBLAS"),  // matrix products, singular values
    .systemLibrary(name: "CImageCodecs"),  // JPEG, PNG, WebP

    // Loops over pointers and sizes; the one target compiled without checks.
    .target(name: "Kernels", dependencies: ["COpenBLAS"], swiftSettings: unchecked),
    // Arrays that can be differentiated any number of times, and their files.
    .target(name: "Tensors", dependencies: ["Kernels"], swiftSettings: optimised),
    // Modules, layers, attention, losses, optimisers.
    .target(name: "NeuralNetworks", dependencies: ["Tensors"], swiftSettings: optimised),
    // Pictures as files, pixels and tensors.
    .target(name: "Imaging", dependencies: ["Tensors", "CImageCodecs"], swiftSettings: optimised),
    // One folder a paper.
    .target(name: "InpaintingModels", dependencies: ["NeuralNetworks"], swiftSettings: optimised),
    // Holes, data sets, background loading.
    .target(name: "InpaintingData", dependencies: ["Imaging"], swiftSettings: optimised),
    // How good a filling is.
    .target(name: "Evaluation", dependencies: ["Kernels", "InpaintingData"], swiftSettings: optimised),
    // Configuration, the loop, checkpoints, events.
    .target(
      name: "Training", dependencies: ["Kernels", "InpaintingModels", "InpaintingData", "Evaluation"],
      swiftSettings: optimised),
    // Pictures and holes in, filled pictures out, of any size.
    .target(
      name: "Inpainting", dependencies: ["Kernels", "Imaging", "InpaintingModels", "InpaintingData", "Training"],
      swiftSettings: optimised),

    // Commands.
    .executableTarget(
      name: "train",
      dependencies: [
        "Tensors", "InpaintingModels", "Training", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: optimised),
    .executableTarget(
      name: "convert",
      dependencies: [
        "Tensors", "InpaintingModels", "Training", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: optimised),
    .executableTarget(
      name: "inpaint",
      dependencies: [
        "Tensors", "InpaintingModels", "Training", "Inpainting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: optimised),
    .executableTarget(
      name: "benchmark",
      dependencies: ["Tensors", "Training", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: optimised),
    .executableTarget(
      name: "compare-attention",
      dependencies: ["Tensors", "Training", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: optimised),
    .executableTarget(
      name: "evaluate",
      dependencies: [
        "Tensors", "InpaintingModels", "Evaluation", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: optimised),

    // Tests mirror the sources, folder by folder.
    .target(name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport", swiftSettings: optimised),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"], swiftSettings: optimised),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"], swiftSettings: optimised),
    .testTarget(
      name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "TestSupport"], swiftSettings: optimised),
    .testTarget(name: "ImagingTests", dependencies: ["Imaging", "TestSupport"], swiftSettings: optimised),
    .testTarget(
      name: "InpaintingModelsTests", dependencies: ["InpaintingModels", "TestSupport"], swiftSettings: optimised),
    .testTarget(
      name: "InpaintingDataTests", dependencies: ["InpaintingData", "TestSupport"], swiftSettings: optimised),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "TestSupport"], swiftSettings: optimised),
    .testTarget(name: "TrainingTests", dependencies: ["Training", "TestSupport"], swiftSettings: optimised),
    .testTarget(name: "InpaintingTests", dependencies: ["Inpainting", "TestSupport"], swiftSettings: optimised),
  ]
)

/// Whole modules are optimised in debug builds too, so that `swift run train` needs no `-c release`: SwiftPM's own
/// `-Onone` comes first on the command line, and the last one wins. Optimised code prints what a precondition says only if
/// it is asked to.
var optimised: [SwiftSetting] {
  [
    .unsafeFlags(
      ["-O", "-wmo", "-disable-batch-mode", "-num-threads", "4", "-suppress-remarks", "-assert-config", "Debug"],
      .when(configuration: .debug))
  ]
}

/// For `Kernels`: overflow traps stop loops from being vectorised, and so does the default limit on pointer
/// comparisons before a loop. Cross-module optimisation would copy its functions into callers that are compiled for an
/// older processor.
var unchecked: [SwiftSetting] {
  [
    // Its threads share raw pointers, which Swift 6 has no way to allow without hiding the loops from the optimiser.
    .swiftLanguageMode(.v5),
    .unsafeFlags(
      ["-Ounchecked", "-wmo", "-disable-batch-mode", "-num-threads", "4", "-suppress-remarks"],
      .when(configuration: .debug)),
    .unsafeFlags(["-Ounchecked", "-disable-cmo"], .when(configuration: .release)),
    .unsafeFlags(["-Xllvm", "-runtime-memory-check-threshold=200"] + processor),
  ]
}

/// The instruction set of `Kernels`. `KINTSUGI_CPU=x86-64-v3 swift build` makes binaries for other machines of a
/// cluster; the default is the machine that builds. Clang spells it `-mcpu` on Arm.
var processor: [String] {
  let name = Context.environment["KINTSUGI_CPU"] ?? "native"
  #if arch(x86_64)
    return ["-Xcc", "-march=" + name]
  #else
    return ["-Xcc", "-mcpu=" + name]
  #endif
}
