import Tensors
import TestSupport

@testable import NeuralNetworks

extension LayerTests {
  static let seed = Initialization(seed: 1)

  /// Options that differ from the defaults.
  private static func with<Options>(_ options: Options, _ change: (inout Options) -> Void) -> Options {
    var options = options
    change(&options)
    return options
  }

  static let layers: [Case] = [
    Case("Linear", .noise("x", [2, 2, 2]), [2, 2, 3], "weight [2, 3], bias [3]") {
      Linear(inputs: 2, outputs: 3, activation: .sigmoid, initialization: seed)
    },
    Case("Conv2d", .noise("x", [2, 4, 5, 2]), [2, 4, 5, 3], "weight [3, 3, 2, 3], bias [3]") {
      Conv2d(inputChannels: 2, outputChannels: 3, kernel: 3, activation: .tanh, initialization: seed)
    },
    Case("Conv2d without bias", .noise("x", [2, 4, 5, 2]), [2, 2, 3, 3], "weight [3, 3, 2, 3]") {
      Conv2d(
        inputChannels: 2, outputChannels: 3, kernel: 3, stride: 2, padding: .tensorflowSame, bias: false,
        initialization: seed)
    },
    Case("Conv2d, upsampling", .noise("x", [1, 2, 3, 2]), [1, 4, 6, 3], "weight [3, 3, 2, 3], bias [3]") {
      Conv2d(inputChannels: 2, outputChannels: 3, kernel: 3, activation: .elu, upsampling: 2, initialization: seed)
    },
    Case(
      "Conv2d, dilated, with spectral norm", .noise("x", [1, 5, 5, 2]), [1, 5, 5, 3], "weight [3, 3, 2, 3], bias [3]"
    ) {
      Conv2d(
        inputChannels: 2, outputChannels: 3, kernel: 3, dilation: 2, activation: .tanh, spectrallyNormalized: true,
        initialization: seed)
    },
    Case("GatedConv2d", .noise("x", [1, 4, 3, 2]), [1, 4, 3, 2], "weight [3, 3, 2, 4], bias [4]") {
      GatedConv2d(inputChannels: 2, outputChannels: 2, kernel: 3, activation: .elu, initialization: seed)
    },
    Case("GatedConv2d, stride 2", .noise("x", [1, 4, 3, 2]), [1, 2, 2, 2], "weight [3, 3, 2, 4], bias [4]") {
      GatedConv2d(
        inputChannels: 2, outputChannels: 2, kernel: 3, stride: 2, padding: .tensorflowSame, activation: .elu,
        initialization: seed)
    },
    Case("GatedConv2d, upsampling", .noise("x", [1, 4, 3, 2]), [1, 8, 6, 2], "weight [3, 3, 2, 4], bias [4]") {
      GatedConv2d(
        inputChannels: 2, outputChannels: 2, kernel: 3, activation: .elu, upsampling: 2, initialization: seed)
    },
    Case("PartialConv2d", [.noise("x", [1, 6, 6, 2])], [1, 6, 6, 3], "weight [3, 3, 2, 3], bias [3]") {
      PartialConv2d(inputChannels: 2, outputChannels: 3, kernel: 3, initialization: seed)
    } apply: {
      $0(KnownFeatures($1[0], known: 1 - centralHole(6))).values
    },
    Case("BatchNorm2d", .noise("x", [2, 2, 2, 2]), [2, 2, 2, 2], "weight [2], bias [2]") { BatchNorm2d(channels: 2) },
    Case("BatchNorm2d in training", .noise("x", [2, 2, 2, 2]), [2, 2, 2, 2], "weight [2], bias [2]", isTraining: true) {
      BatchNorm2d(channels: 2)
    },
    Case("LayerNorm", .noise("x", [2, 3, 4]), [2, 3, 4], "weight [4], bias [4]") { LayerNorm(channels: 4) },
    Case(
      "SpectralNorm", [.noise("weight", [2, 2, 2, 3])], [2, 2, 2, 3], ""
    ) {
      SpectralNorm(outputChannels: 3, initialization: seed)
    } apply: {
      $0($1[0])
    },
  ]

  static let conditional: [Case] =
    SPADE.Norm.allCases.map { norm in
      Case(
        "SPADE, \(norm)", [.noise("x", [2, 3, 4, 2]), .noise("map", [2, 3, 4, 3])], [2, 3, 4, 2],
        "shared.weight [3, 3, 3, 2], shared.bias [2], gamma.weight [3, 3, 2, 2], gamma.bias [2], "
          + "beta.weight [3, 3, 2, 2], beta.bias [2]"
      ) {
        SPADE(channels: 2, mapChannels: 3, hidden: 2, norm: norm, initialization: seed)
      } apply: {
        $0($1[0], map: $1[1])
      }
    }
    + [
      Case(
        "SPADEResidualBlock", [.noise("x", [1, 3, 3, 3]), .noise("map", [1, 3, 3, 3])], [1, 3, 3, 2],
        "norm0 (334), norm1 (260), conv0.weight [3, 3, 3, 2], conv0.bias [2], conv1.weight [3, 3, 2, 2], conv1.bias [2], "
          + "shortcutNorm (334), shortcut.weight [1, 1, 3, 2]", samples: 4,
        isCheckedInFloat: false
      ) {
        SPADEResidualBlock(
          inputChannels: 3, outputChannels: 2, spectrallyNormalized: false, filters: .glorotUniform,
          initialization: seed, spade: { SPADE(channels: $0, mapChannels: 3, hidden: 4, initialization: $1) })
      } apply: {
        $0($1[0], map: $1[1])
      },
      Case(
        "SemanticPropagation", [.noise("x", [1, 4, 4, 4])], [1, 4, 4, 4], "groups (148), gamma []",
        fill: Case.mixEvenly
      ) {
        SemanticPropagation(channels: 4, attention: SemanticAttention(scale: 2), initialization: seed)
      } apply: {
        $0($1[0], classes: (0..<16).map { $0 % 4 < 2 ? 0 : 1 }, hole: centralHole(4))
      },
    ]

  static let channelAttention: [Case] =
    [
      Case("EfficientChannelAttention", .wave([2, 2, 2, 3]), [2, 2, 2, 3], "weight [3, 1, 1]") {
        EfficientChannelAttention(channels: 3, options: with(.init()) { $0.kernel = 3 }, initialization: seed)
      },
      Case(
        "SqueezeExcitation", .wave([2, 2, 2, 4], offset: 0.5), [2, 2, 2, 4],
        "squeeze.weight [4, 2], excitation.weight [2, 4]"
      ) {
        SqueezeExcitation(channels: 4, options: with(.init()) { $0.reduction = 2 }, initialization: seed)
      },
      Case(
        "SqueezeExcitation with biases", .wave([2, 2, 2, 4], offset: 0.5), [2, 2, 2, 4],
        "squeeze.weight [4, 2], squeeze.bias [2], excitation.weight [2, 4], excitation.bias [4]"
      ) {
        SqueezeExcitation(
          channels: 4,
          options: with(.init()) {
            $0.reduction = 2
            $0.bias = true
          }, initialization: seed)
      },
    ]
    + [1, 3].map { batch in
      // The normalization of few short vectors has such kinks that only small steps keep clear of them.
      Case(
        "SelectiveKernel in training, \(batch) pictures", .noise("x", [batch, 3, 3, 4]), [batch, 3, 3, 4],
        "paths (160), fuse.weight [1, 1, 4, 2], normalization.weight [2], normalization.bias [2], select.weight [1, 1, 2, 8]",
        samples: 8,
        isCheckedInFloat: batch == 1, isTraining: true
      ) {
        SelectiveKernel(
          channels: 4,
          options: with(.init()) {
            $0.groups = 2
            $0.minimumLength = 2
          }, initialization: seed)
      }
    }
    + ChannelAffinityAttention.Energy.allCases.map { energy in
      Case(
        "ChannelAffinityAttention, \(energy)", GoldenFill.features(2, 3, 2, 2), [2, 2, 2, 3], "beta [1]",
        fill: Case.goldenFill
      ) {
        ChannelAffinityAttention(channels: 3, options: with(.init()) { $0.energy = energy }, initialization: seed)
      }
    }

  static let externalAttention: [Case] =
    [false, true].flatMap { tied in
      [
        Case(
          "ExternalAttention\(tied ? ", tied" : "")", .wave([2, 2, 2, 6]), [2, 2, 2, 6],
          "memory.keys [6, 3]\(tied ? "" : ", memory.values [3, 6]")"
        ) {
          ExternalAttention(
            channels: 6,
            options: with(.init()) {
              $0.memoryUnits = 3
              $0.tied = tied
            }, initialization: seed)
        },
        Case(
          "ExternalAttentionBlock\(tied ? ", tied" : "")", .wave([2, 2, 3, 3]), [2, 2, 3, 3],
          "inputConvolution.weight [1, 1, 3, 3], inputConvolution.bias [3], memory.keys [3, 2], "
            + (tied ? "" : "memory.values [2, 3], ")
            + "outputConvolution.weight [1, 1, 3, 3], normalization.weight [3], normalization.bias [3]",
          fill: { $0.fillWithWaves() }
        ) {
          ExternalAttentionBlock(
            channels: 3,
            options: with(.init()) {
              $0.memoryUnits = 2
              $0.tied = tied
            }, initialization: seed)
        },
      ]
    }
    + [ExternalMemory.Values.keys, .startingAsKeys, .own].map { values in
      Case(
        "ExternalMemory, values \(values)", [.wave([2, 4, 3])], [2, 4, 3],
        "keys [3, 4], \(values == .keys ? "" : "values [4, 3], ")keyBias [4], valueBias [3]"
      ) {
        ExternalMemory(channels: 3, units: 4, values: values, bias: true, epsilon: 1e-9, initialization: seed)
      } apply: {
        $0($1[0])
      }
    }
    + [
      Case(
        "MultiHeadExternalAttention", .wave([1, 2, 2, 4]), [1, 2, 2, 4],
        "expansion.weight [4, 16], expansion.bias [16], memory.keys [2, 3], memory.values [3, 2], "
          + "memory.keyBias [3], memory.valueBias [2], projection.weight [16, 4], projection.bias [4]"
      ) {
        MultiHeadExternalAttention(
          channels: 4,
          options: with(.init()) {
            $0.heads = 2
            $0.memoryUnits = 3
          }, initialization: seed)
      },
      Case("AxisMixing", [.wave([2, 3, 2])], [2, 3, 2], "expansion [3, 6], contraction [6, 3]") {
        AxisMixing(size: 3, factor: 2, initialization: seed)
      } apply: {
        $0($1[0])
      },
      Case(
        "ExternalSpatialAttention", .wave([1, 3, 4, 3]), [1, 3, 4, 3],
        "norm.weight [3], norm.bias [3], key.expansion [3, 6], key.contraction [6, 3], value.expansion [4, 8], "
          + "value.contraction [8, 4]"
      ) {
        ExternalSpatialAttention(channels: 3, height: 3, width: 4, initialization: seed)
      },
      // Two channels of nearly one value would have a normalization of enormous slope.
      Case(
        "ExternalSpatialBlock", [.wave([1, 2, 3, 2], frequency: 2.1), .wave([1, 2, 3, 1], offset: 2)], [1, 2, 3, 2],
        "attention (56), context.weight [1, 1, 1, 2]"
      ) {
        ExternalSpatialBlock(channels: 2, height: 2, width: 3, pictureChannels: 1, initialization: seed)
      } apply: {
        $0($1[0], picture: $1[1], hole: Tensor([0, 1, 1, 0, 0, 1], shape: [1, 2, 3, 1]))
      },
    ]

  static let multiHeadAttention: [Case] = MultiHeadAttention.Similarity.allCases.flatMap { similarity in
    [
      Case(
        "MultiHeadAttention in blocks, \(similarity)", .wave([1, 2, 2, 4]), [1, 2, 2, 4],
        "inputProjection.weight [4, 12], inputProjection.bias [12], "
          + parameters(of: similarity, heads: 2, size: 2, prefix: "similarity.").map { $0 + ", " }.joined()
          + "outputProjection.weight [4, 4], outputProjection.bias [4]"
      ) {
        let layer = MultiHeadAttention(
          channels: 4,
          options: with(.init()) {
            $0.heads = 2
            $0.similarity = similarity
          }, initialization: seed)
        layer.blockBytes = 2 * 2 * 4 * MemoryLayout<Scalar>.stride
        return layer
      },
      Case(
        "HeadSimilarity, \(similarity)",
        [.wave([4, 5, 3]), .wave([4, 6, 3], frequency: 0.9, phase: 1), .wave([4, 6, 3], frequency: 0.5, phase: 2)],
        [4, 5, 3], parameters(of: similarity, heads: 2, size: 3).joined(separator: ", ")
      ) {
        HeadSimilarity(similarity, heads: 2, size: 3, initialization: seed)
      } apply: {
        $0($1[0], $1[1], $1[2], bytes: 1 << 20)
      },
    ]
  }

  /// The parameters of `HeadSimilarity` by its kind.
  private static func parameters(
    of similarity: MultiHeadAttention.Similarity, heads: Int, size: Int, prefix: String = ""
  ) -> [String] {
    let square = "[\(heads), \(size), \(size)]"
    let items =
      switch similarity {
      case .dot, .scaledDot: [] as [String]
      case .general: ["queryWeight \(square)"]
      case .concatenation: ["scoreWeight [\(heads), \(2 * size), 1]"]
      case .perceptron: ["queryWeight \(square)", "keyWeight \(square)", "scoreWeight [\(heads), \(size), 1]"]
      }
    return items.map { prefix + $0 }
  }

  static let spatialAttention: [Case] =
    [1, 4, 6].map { queries in
      Case(
        "SelfAttention in blocks of \(queries)", GoldenFill.features(1, 4, 2, 3), [1, 2, 3, 4],
        "gamma [1], query.weight [1, 1, 4, 2], query.bias [2], key.weight [1, 1, 4, 2], key.bias [2], "
          + "value.weight [1, 1, 4, 4], value.bias [4]",
        fill: Case.goldenFill
      ) {
        SelfAttention(
          channels: 4,
          options: with(.init()) {
            $0.reduction = 2
            $0.scoreBytes = queries * 6 * MemoryLayout<Scalar>.stride
          }, initialization: seed)
      }
    }
    + [false, true].map { spectralNorm in
      Case(
        "PooledSelfAttention\(spectralNorm ? " with spectral norm" : "")", GoldenFill.features(1, 4, 2, 4),
        [1, 2, 4, 4],
        "query.weight [1, 1, 4, 2], key.weight [1, 1, 4, 2], value.weight [1, 1, 4, 2], output.weight [1, 1, 2, 4], gamma []",
        fill: Case.goldenFill
      ) {
        PooledSelfAttention(
          channels: 4,
          options: with(.init()) {
            $0.reduction = 2
            $0.spectralNorm = spectralNorm
            $0.scoreBytes = 2 * MemoryLayout<Scalar>.stride
          }, initialization: seed)
      }
    }
    + [[2, 3], [1, 3], [3, 1], [1, 1]].map { size in
      Case(
        "CrissCrossAttention of \(size[0])x\(size[1])", GoldenFill.features(2, 2, size[0], size[1]),
        [2, size[0], size[1], 2],
        "gamma [1], query.weight [1, 1, 2, 2], query.bias [2], key.weight [1, 1, 2, 2], key.bias [2], "
          + "value.weight [1, 1, 2, 2], value.bias [2]", fill: Case.goldenFill
      ) {
        CrissCrossAttention(channels: 2, options: with(.init()) { $0.reduction = 1 }, initialization: seed)
      }
    }
    + NonLocalBlock.Kind.allCases.flatMap { kind in
      [false, true].map { isSubSampled in
        Case(
          "NonLocalBlock, \(kind)\(isSubSampled ? ", pooled" : "")", GoldenFill.features(1, 3, 2, 4), [1, 2, 4, 3],
          (["value", "output"] + (kind == .gaussian ? [] : ["query", "key"])).map {
            "\($0).weight [1, 1, 3, 3], \($0).bias [3]"
          }.joined(separator: ", ") + (kind == .concatenation ? ", concatenation [1, 1, 6, 1]" : ""),
          fill: Case.goldenFill
        ) {
          NonLocalBlock(
            channels: 3,
            options: with(.init()) {
              $0.kind = kind
              $0.subSample = isSubSampled
              $0.batchNorm = false
              $0.scoreBytes = 3 * 8 * MemoryLayout<Scalar>.stride
              $0.scale = kind.isSoftmax
              $0.reduction = 1
            }, initialization: seed)
        }
      }
    }
    + [false, true].map { alignCorners in
      // Positions far from the middles of pixels, where the slope jumps.
      Case(
        "SpatialTransformer\(alignCorners ? ", corners aligned" : "")", .noise("features", [1, 5, 6, 2]), [1, 5, 6, 2],
        "localization (219)",
        isCheckedInFloat: false,
        fill: {
          let dense = $0.localization.dense
          dense.weight.assign(.wave(dense.weight.shape, frequency: 0.9, scale: 0.03))
          dense.bias?.assign(Tensor([0.83, 0.21, 0.13, -0.17, 0.91, -0.06], shape: [6]))
        }
      ) {
        SpatialTransformer(
          channels: 2,
          options: with(.init()) {
            $0.localizationChannels = 3
            $0.localizationCells = 2
            $0.alignCorners = alignCorners
          }, initialization: seed)
      }
    }

  static let mixedAttention: [Case] = [false, true].flatMap { isTraining in
    let suffix = isTraining ? " in training" : ""
    return ConvolutionalBlockAttention.PlaneOrder.allCases.map { order in
      Case(
        "ConvolutionalBlockAttention, \(order)\(suffix)", .noise("x", [2, 3, 3, 4]), [2, 3, 3, 4],
        "channelGate (22), spatialGate (20)", samples: 12,
        isTraining: isTraining
      ) {
        ConvolutionalBlockAttention(
          channels: 4,
          options: with(.init()) {
            $0.reduction = 2
            $0.kernel = 3
            $0.order = order
            $0.initZero = false
          }, initialization: seed)
      }
    }
      + [
        Case(
          "DualAttention\(suffix)", GoldenFill.features(2, 3, 2, 2), [2, 2, 2, 3],
          "positionInput (87), channelInput (87), position.gamma [1], position (20), channel.beta [1], "
            + "positionOutput (87), channelOutput (87), output.weight [1, 1, 3, 3], output.bias [3]",
          isTraining: isTraining,
          fill: Case.goldenFill
        ) {
          DualAttention(
            channels: 3,
            options: with(.init()) {
              $0.reduction = 1
              $0.position.reduction = 3
              $0.position.scoreBytes = 1
            }, initialization: seed)
        }
      ]
      + AttentionActivation.allCases.map { activation in
        Case(
          "ResidualAttention, \(activation)\(suffix)", .noise("x", [2, 5, 4, 4]), [2, 5, 4, 4],
          "first (29), trunk (58), branch (193), last (29)", samples: 2,
          isCheckedInFloat: false, isTraining: isTraining
        ) {
          ResidualAttention(
            channels: 4,
            options: with(.init()) {
              $0.downLevels = 2
              $0.activation = activation
            }, initialization: seed)
        }
      }
  }

  static let all =
    layers + conditional + channelAttention + externalAttention + multiHeadAttention + spatialAttention + mixedAttention

  /// 1 in the middle of a picture, 0 in its outer rows and columns.
  private static func centralHole(_ size: Int) -> Tensor {
    let inner = 1..<size - 1
    return Tensor(
      (0..<size * size).map { inner.contains($0 / size) && inner.contains($0 % size) ? 1 : 0 },
      shape: [1, size, size, 1])
  }
}
