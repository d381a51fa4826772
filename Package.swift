// swift-tools-version: 6.1
import PackageDescription

// The architecture, bottom-up: every target may use those above its own line, never those below.
let package = Package(
  name: "Kintsugi",
  products: [
    .library(name: "Inpainting", targets: ["Inpainting"]),
    .library(name: "Training", targets: ["Training"]),
    .executable(name: "train", targets: ["train"]),
    .executable(name: "convert", targets: ["convert"]),
    .executable(name: "inpaint", targets: ["inpaint"]),
    .executable(name: "evaluate", targets: ["evaluate"]),
    .executable(name: "studio", targets: ["studio"]),
  ],
  traits: [
    .trait(
      name: "DoublePrecision",
      description: "Makes every tensor 64-bit, so that gradients can be checked to 1e-7. Slow: for tests.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    // Adds the command `swift package generate-documentation`; nothing is linked to it.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: [
    // What the distribution provides.
    .systemLibrary(name: "COpenBLAS"),  // matrix products, singular values
    .systemLibrary(name: "CPlatform"),  // what C alone says of compiler and processor, and moves pages of memory
    .systemLibrary(name: "CImageCodecs"),  // JPEG, PNG, WebP

    // What has nothing to do with tensors or pictures: errors, files, JSON, random streams, the console, checksums.
    .target(name: "Support", swiftSettings: optimized),
    // Loops over pointers and sizes; the one target compiled without checks.
    .target(name: "Kernels", dependencies: ["COpenBLAS", "CPlatform"], swiftSettings: unchecked),

    // Pictures and holes as files and pixels: codecs, metadata, resampling, drawing.
    .target(name: "Imaging", dependencies: ["Support", "CImageCodecs"], swiftSettings: optimized),
    // Arrays that can be differentiated any number of times.
    .target(name: "Tensors", dependencies: ["Kernels", "Support"], swiftSettings: optimized),

    // Modules, layers, normalization, attention, losses, optimizers. From here on targets have no loops over numbers,
    // and are built without optimization, which halves their time, unless they say otherwise.
    .target(name: "NeuralNetworks", dependencies: ["Tensors"]),
    // Examples, from a picture and its hole to a batch of tensors: sources, holes, loading.
    .target(name: "InpaintingData", dependencies: ["Imaging", "Tensors"], swiftSettings: optimized),

    // A folder a family of models, and their weights in every layout.
    .target(name: "InpaintingModels", dependencies: ["NeuralNetworks", "InpaintingData"]),

    // Pictures and holes in, filled pictures out, of any size.
    .target(name: "Inpainting", dependencies: ["InpaintingModels"], swiftSettings: optimized),
    // Metrics, classical fills, reports.
    .target(name: "Evaluation", dependencies: ["InpaintingModels"], swiftSettings: optimized),

    // The loop, what records it, checkpoints.
    .target(name: "Training", dependencies: ["InpaintingModels", "Evaluation"]),

    // A page for painting holes, and its server. Of FlyingFox it takes the sockets and no more: HTTP is read with limits.
    .target(
      name: "Studio",
      dependencies: ["Inpainting", "Training", .product(name: "FlyingSocks", package: "FlyingFox")],
      exclude: ["API.md"], resources: [.copy("Page")], swiftSettings: optimized),

    // What the commands share: options, exit codes, advice that names flags.
    .target(
      name: "CommandLine",
      dependencies: ["InpaintingModels", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .executableTarget(name: "train", dependencies: ["CommandLine", "Training"]),
    .executableTarget(name: "inpaint", dependencies: ["CommandLine", "Inpainting"]),
    .executableTarget(name: "evaluate", dependencies: ["CommandLine", "Evaluation"]),
    .executableTarget(name: "convert", dependencies: ["CommandLine"]),
    .executableTarget(name: "studio", dependencies: ["CommandLine", "Studio"]),
    .executableTarget(name: "benchmark", dependencies: ["CommandLine", "Training"]),
    .executableTarget(name: "compare-attention", dependencies: ["CommandLine", "Training"]),

    // Tests mirror the sources, folder by folder. They are built without optimization, for what takes time is what
    // they call; only the kernels are compared with plain loops of their tests' own.
    .target(name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport", swiftSettings: optimized),
    .testTarget(name: "SupportTests", dependencies: ["Support", "TestSupport"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"], swiftSettings: optimized),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"]),
    .testTarget(name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "TestSupport"]),
    .testTarget(name: "ImagingTests", dependencies: ["Imaging", "TestSupport"]),
    .testTarget(name: "InpaintingModelsTests", dependencies: ["InpaintingModels", "TestSupport"]),
    .testTarget(name: "InpaintingDataTests", dependencies: ["InpaintingData", "TestSupport"]),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "TestSupport"]),
    .testTarget(name: "TrainingTests", dependencies: ["Training", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "InpaintingTests", dependencies: ["Inpainting", "Training", "TestSupport"]),
    .testTarget(name: "StudioTests", dependencies: ["Studio", "TestSupport"]),
    .testTarget(
      name: "CommandLineTests", dependencies: ["CommandLine", "Inpainting", "Training", "train", "TestSupport"]),
  ]
)

// What later versions of the language ask for: `any` before protocols, and imports that say how far they reach.
// MemberImportVisibility is left out: every layer that names an activation or a padding would have to import `Kernels`,
// which `Tensors` hides from it.
for target in package.targets where target.type != .system {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}

/// Whole modules are optimized in debug builds too, so that `swift run train` needs no `-c release`: SwiftPM's own
/// `-Onone` comes first on the command line, and the last one wins. Tables of lines are enough for stack traces, and they
/// shorten the build. Optimized code prints what a precondition says only if it is asked to.
var optimized: [SwiftSetting] {
  [
    .unsafeFlags(
      [
        "-O", "-wmo", "-disable-batch-mode", "-num-threads", "4", "-suppress-remarks", "-gline-tables-only",
        "-assert-config", "Debug",
      ],
      .when(configuration: .debug))
  ]
}

/// For `Kernels`: overflow traps stop loops from being vectorized, and so does the default limit on pointer
/// comparisons before a loop. Cross-module optimization would copy its functions into callers that are compiled for an
/// older processor.
var unchecked: [SwiftSetting] {
  [
    // Its threads share raw pointers, which Swift 6 has no way to allow without hiding the loops from the optimizer.
    .swiftLanguageMode(.v5),
    .unsafeFlags(
      ["-Ounchecked", "-wmo", "-disable-batch-mode", "-num-threads", "4", "-suppress-remarks", "-gline-tables-only"],
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
