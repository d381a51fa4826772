extension ParameterList {
  /// All that attentions of every kind saved, one after the other in the registry's order, by the number of each.
  static let attention = """
    1.layer.gamma 1 48674bc7
    1.layer.query.weight 1x1x16x4 3ab0b397
    1.layer.query.bias 4 42709aea
    1.layer.key.weight 1x1x16x4 a2ed7bf1
    1.layer.key.bias 4 42709aea
    1.layer.value.weight 1x1x16x16 da6df43a
    1.layer.value.bias 16 03c8eb67
    2.layer.query.weight 1x1x16x2 5c925827
    2.layer.key.weight 1x1x16x2 479ede1d
    2.layer.value.weight 1x1x16x8 e574a2de
    2.layer.output.weight 1x1x8x16 533e2ea0
    2.layer.gamma  48674bc7
    3.layer.value.weight 1x1x16x8 40fd6de9
    3.layer.value.bias 8 8a9136aa
    3.layer.output.weight 1x1x8x16 5b40000f
    3.layer.output.bias 16 03c8eb67
    3.layer.normalization.weight 16 03c8eb67
    3.layer.normalization.bias 16 03c8eb67
    3.layer.query.weight 1x1x16x8 9a09d015
    3.layer.query.bias 8 8a9136aa
    3.layer.key.weight 1x1x16x8 5f3963ec
    3.layer.key.bias 8 8a9136aa
    4.layer.gamma 1 48674bc7
    4.layer.query.weight 1x1x16x2 ff375009
    4.layer.query.bias 2 8c28b28a
    4.layer.key.weight 1x1x16x2 0210451d
    4.layer.key.bias 2 8c28b28a
    4.layer.value.weight 1x1x16x16 6fbd96fd
    4.layer.value.bias 16 03c8eb67
    5.layer.localization.conv1.weight 3x3x16x16 e9f25001
    5.layer.localization.conv1.bias 16 03c8eb67
    5.layer.localization.conv2.weight 3x3x16x16 4037a251
    5.layer.localization.conv2.bias 16 03c8eb67
    5.layer.localization.dense.weight 4x4x16x6 3a36e441
    5.layer.localization.dense.bias 6 da7b048d
    7.layer.squeeze.weight 16x8 14cb9ca0
    7.layer.excitation.weight 8x16 428c4532
    8.layer.paths.0.weight 3x3x4x16 93777ba5
    8.layer.paths.0.normalization.weight 16 bfc78e0f
    8.layer.paths.0.normalization.bias 16 03c8eb67
    8.layer.paths.1.weight 3x3x4x16 943b2360
    8.layer.paths.1.normalization.weight 16 bfc78e0f
    8.layer.paths.1.normalization.bias 16 03c8eb67
    8.layer.fuse.weight 1x1x16x32 f89c27fe
    8.layer.normalization.weight 32 433391f6
    8.layer.normalization.bias 32 082764db
    8.layer.select.weight 1x1x32x32 e6716a2e
    9.layer.weight 3x1x1 8592c231
    10.layer.channelGate.squeeze.weight 16x8 dba76bb6
    10.layer.channelGate.squeeze.bias 8 8a9136aa
    10.layer.channelGate.excitation.weight 8x16 880500cd
    10.layer.channelGate.excitation.bias 16 03c8eb67
    10.layer.spatialGate.convolution.weight 7x7x2x1 6a96951d
    10.layer.spatialGate.normalization.weight 1 48674bc7
    10.layer.spatialGate.normalization.bias 1 48674bc7
    11.layer.beta 1 48674bc7
    12.layer.positionInput.convolution.weight 3x3x16x8 7baee63c
    12.layer.positionInput.normalization.weight 8 ffae4059
    12.layer.positionInput.normalization.bias 8 8a9136aa
    12.layer.channelInput.convolution.weight 3x3x16x8 81b8fa80
    12.layer.channelInput.normalization.weight 8 ffae4059
    12.layer.channelInput.normalization.bias 8 8a9136aa
    12.layer.position.gamma 1 48674bc7
    12.layer.position.query.weight 1x1x8x4 07aee243
    12.layer.position.query.bias 4 42709aea
    12.layer.position.key.weight 1x1x8x4 52c002ff
    12.layer.position.key.bias 4 42709aea
    12.layer.position.value.weight 1x1x8x8 f8358b66
    12.layer.position.value.bias 8 8a9136aa
    12.layer.channel.beta 1 48674bc7
    12.layer.positionOutput.convolution.weight 3x3x8x8 53edd97c
    12.layer.positionOutput.normalization.weight 8 ffae4059
    12.layer.positionOutput.normalization.bias 8 8a9136aa
    12.layer.channelOutput.convolution.weight 3x3x8x8 fe10f061
    12.layer.channelOutput.normalization.weight 8 ffae4059
    12.layer.channelOutput.normalization.bias 8 8a9136aa
    12.layer.output.weight 1x1x8x16 1c80c0dd
    12.layer.output.bias 16 03c8eb67
    13.layer.first.normalization1.weight 16 bfc78e0f
    13.layer.first.normalization1.bias 16 03c8eb67
    13.layer.first.convolution1.weight 1x1x16x4 68badd33
    13.layer.first.normalization2.weight 4 26258ca4
    13.layer.first.normalization2.bias 4 42709aea
    13.layer.first.convolution2.weight 3x3x4x4 c8351a7a
    13.layer.first.normalization3.weight 4 26258ca4
    13.layer.first.normalization3.bias 4 42709aea
    13.layer.first.convolution3.weight 1x1x4x16 891d9177
    13.layer.trunk.0.normalization1.weight 16 bfc78e0f
    13.layer.trunk.0.normalization1.bias 16 03c8eb67
    13.layer.trunk.0.convolution1.weight 1x1x16x4 47a89790
    13.layer.trunk.0.normalization2.weight 4 26258ca4
    13.layer.trunk.0.normalization2.bias 4 42709aea
    13.layer.trunk.0.convolution2.weight 3x3x4x4 147cb6e9
    13.layer.trunk.0.normalization3.weight 4 26258ca4
    13.layer.trunk.0.normalization3.bias 4 42709aea
    13.layer.trunk.0.convolution3.weight 1x1x4x16 be9e4b84
    13.layer.trunk.1.normalization1.weight 16 bfc78e0f
    13.layer.trunk.1.normalization1.bias 16 03c8eb67
    13.layer.trunk.1.convolution1.weight 1x1x16x4 2a55219c
    13.layer.trunk.1.normalization2.weight 4 26258ca4
    13.layer.trunk.1.normalization2.bias 4 42709aea
    13.layer.trunk.1.convolution2.weight 3x3x4x4 6412a6d4
    13.layer.trunk.1.normalization3.weight 4 26258ca4
    13.layer.trunk.1.normalization3.bias 4 42709aea
    13.layer.trunk.1.convolution3.weight 1x1x4x16 ac154a4d
    13.layer.branch.down.0.normalization1.weight 16 bfc78e0f
    13.layer.branch.down.0.normalization1.bias 16 03c8eb67
    13.layer.branch.down.0.convolution1.weight 1x1x16x4 3607826b
    13.layer.branch.down.0.normalization2.weight 4 26258ca4
    13.layer.branch.down.0.normalization2.bias 4 42709aea
    13.layer.branch.down.0.convolution2.weight 3x3x4x4 a055ad69
    13.layer.branch.down.0.normalization3.weight 4 26258ca4
    13.layer.branch.down.0.normalization3.bias 4 42709aea
    13.layer.branch.down.0.convolution3.weight 1x1x4x16 cba015fb
    13.layer.branch.down.1.normalization1.weight 16 bfc78e0f
    13.layer.branch.down.1.normalization1.bias 16 03c8eb67
    13.layer.branch.down.1.convolution1.weight 1x1x16x4 c5e57d0a
    13.layer.branch.down.1.normalization2.weight 4 26258ca4
    13.layer.branch.down.1.normalization2.bias 4 42709aea
    13.layer.branch.down.1.convolution2.weight 3x3x4x4 72a74a96
    13.layer.branch.down.1.normalization3.weight 4 26258ca4
    13.layer.branch.down.1.normalization3.bias 4 42709aea
    13.layer.branch.down.1.convolution3.weight 1x1x4x16 cd26f14e
    13.layer.branch.skips.0.normalization1.weight 16 bfc78e0f
    13.layer.branch.skips.0.normalization1.bias 16 03c8eb67
    13.layer.branch.skips.0.convolution1.weight 1x1x16x4 fd3318c5
    13.layer.branch.skips.0.normalization2.weight 4 26258ca4
    13.layer.branch.skips.0.normalization2.bias 4 42709aea
    13.layer.branch.skips.0.convolution2.weight 3x3x4x4 70b616e1
    13.layer.branch.skips.0.normalization3.weight 4 26258ca4
    13.layer.branch.skips.0.normalization3.bias 4 42709aea
    13.layer.branch.skips.0.convolution3.weight 1x1x4x16 a832d83d
    13.layer.branch.skips.1.normalization1.weight 16 bfc78e0f
    13.layer.branch.skips.1.normalization1.bias 16 03c8eb67
    13.layer.branch.skips.1.convolution1.weight 1x1x16x4 10dd6d92
    13.layer.branch.skips.1.normalization2.weight 4 26258ca4
    13.layer.branch.skips.1.normalization2.bias 4 42709aea
    13.layer.branch.skips.1.convolution2.weight 3x3x4x4 acf35527
    13.layer.branch.skips.1.normalization3.weight 4 26258ca4
    13.layer.branch.skips.1.normalization3.bias 4 42709aea
    13.layer.branch.skips.1.convolution3.weight 1x1x4x16 18c4ec7c
    13.layer.branch.bottom.0.normalization1.weight 16 bfc78e0f
    13.layer.branch.bottom.0.normalization1.bias 16 03c8eb67
    13.layer.branch.bottom.0.convolution1.weight 1x1x16x4 28055649
    13.layer.branch.bottom.0.normalization2.weight 4 26258ca4
    13.layer.branch.bottom.0.normalization2.bias 4 42709aea
    13.layer.branch.bottom.0.convolution2.weight 3x3x4x4 2228e591
    13.layer.branch.bottom.0.normalization3.weight 4 26258ca4
    13.layer.branch.bottom.0.normalization3.bias 4 42709aea
    13.layer.branch.bottom.0.convolution3.weight 1x1x4x16 15af41ad
    13.layer.branch.bottom.1.normalization1.weight 16 bfc78e0f
    13.layer.branch.bottom.1.normalization1.bias 16 03c8eb67
    13.layer.branch.bottom.1.convolution1.weight 1x1x16x4 88cd2b9a
    13.layer.branch.bottom.1.normalization2.weight 4 26258ca4
    13.layer.branch.bottom.1.normalization2.bias 4 42709aea
    13.layer.branch.bottom.1.convolution2.weight 3x3x4x4 087a759e
    13.layer.branch.bottom.1.normalization3.weight 4 26258ca4
    13.layer.branch.bottom.1.normalization3.bias 4 42709aea
    13.layer.branch.bottom.1.convolution3.weight 1x1x4x16 7e8dba30
    13.layer.branch.up.0.normalization1.weight 16 bfc78e0f
    13.layer.branch.up.0.normalization1.bias 16 03c8eb67
    13.layer.branch.up.0.convolution1.weight 1x1x16x4 bc4e9ea6
    13.layer.branch.up.0.normalization2.weight 4 26258ca4
    13.layer.branch.up.0.normalization2.bias 4 42709aea
    13.layer.branch.up.0.convolution2.weight 3x3x4x4 3c445b69
    13.layer.branch.up.0.normalization3.weight 4 26258ca4
    13.layer.branch.up.0.normalization3.bias 4 42709aea
    13.layer.branch.up.0.convolution3.weight 1x1x4x16 1242a3a7
    13.layer.branch.up.1.normalization1.weight 16 bfc78e0f
    13.layer.branch.up.1.normalization1.bias 16 03c8eb67
    13.layer.branch.up.1.convolution1.weight 1x1x16x4 56e5816a
    13.layer.branch.up.1.normalization2.weight 4 26258ca4
    13.layer.branch.up.1.normalization2.bias 4 42709aea
    13.layer.branch.up.1.convolution2.weight 3x3x4x4 00ed926a
    13.layer.branch.up.1.normalization3.weight 4 26258ca4
    13.layer.branch.up.1.normalization3.bias 4 42709aea
    13.layer.branch.up.1.convolution3.weight 1x1x4x16 06802690
    13.layer.branch.normalization1.weight 16 bfc78e0f
    13.layer.branch.normalization1.bias 16 03c8eb67
    13.layer.branch.convolution1.weight 1x1x16x16 8d9db185
    13.layer.branch.normalization2.weight 16 bfc78e0f
    13.layer.branch.normalization2.bias 16 03c8eb67
    13.layer.branch.convolution2.weight 1x1x16x16 6d506745
    13.layer.last.normalization1.weight 16 bfc78e0f
    13.layer.last.normalization1.bias 16 03c8eb67
    13.layer.last.convolution1.weight 1x1x16x4 e03cca41
    13.layer.last.normalization2.weight 4 26258ca4
    13.layer.last.normalization2.bias 4 42709aea
    13.layer.last.convolution2.weight 3x3x4x4 fed86c70
    13.layer.last.normalization3.weight 4 26258ca4
    13.layer.last.normalization3.bias 4 42709aea
    13.layer.last.convolution3.weight 1x1x4x16 dbb42570
    14.layer.memory.keys 16x64 f00c9295
    14.layer.memory.values 64x16 d0b5e4ae
    15.layer.inputConvolution.weight 1x1x16x16 99561125
    15.layer.inputConvolution.bias 16 03c8eb67
    15.layer.memory.keys 16x64 0066ff34
    15.layer.memory.values 64x16 cdbdbe44
    15.layer.outputConvolution.weight 1x1x16x16 3027eeb9
    15.layer.normalization.weight 16 bfc78e0f
    15.layer.normalization.bias 16 03c8eb67
    16.layer.expansion.weight 16x64 ef68acbf
    16.layer.expansion.bias 64 b872b190
    16.layer.memory.keys 2x64 b5309032
    16.layer.memory.values 64x2 1227071b
    16.layer.memory.keyBias 64 b872b190
    16.layer.memory.valueBias 2 8c28b28a
    16.layer.projection.weight 64x16 434d70a5
    16.layer.projection.bias 16 03c8eb67
    17.block.attention.norm.weight 16 bfc78e0f
    17.block.attention.norm.bias 16 03c8eb67
    17.block.attention.key.expansion 8x16 0fc08180
    17.block.attention.key.contraction 16x8 4c35031b
    17.block.attention.value.expansion 8x16 08a054eb
    17.block.attention.value.contraction 16x8 8585cfae
    17.block.context.weight 1x1x3x16 7fc7d884
    18.layer.inputProjection.weight 16x48 fd9d5bd8
    18.layer.inputProjection.bias 48 74357830
    18.layer.outputProjection.weight 16x16 a0b10f65
    18.layer.outputProjection.bias 16 03c8eb67
    2.layer.query.spectralNorm.u 1x2
    2.layer.key.spectralNorm.u 1x2
    2.layer.value.spectralNorm.u 1x8
    2.layer.output.spectralNorm.u 1x16
    3.layer.normalization.runningMean 16
    3.layer.normalization.runningVariance 16
    8.layer.paths.0.normalization.runningMean 16
    8.layer.paths.0.normalization.runningVariance 16
    8.layer.paths.1.normalization.runningMean 16
    8.layer.paths.1.normalization.runningVariance 16
    8.layer.normalization.runningMean 32
    8.layer.normalization.runningVariance 32
    10.layer.spatialGate.normalization.runningMean 1
    10.layer.spatialGate.normalization.runningVariance 1
    12.layer.positionInput.normalization.runningMean 8
    12.layer.positionInput.normalization.runningVariance 8
    12.layer.channelInput.normalization.runningMean 8
    12.layer.channelInput.normalization.runningVariance 8
    12.layer.positionOutput.normalization.runningMean 8
    12.layer.positionOutput.normalization.runningVariance 8
    12.layer.channelOutput.normalization.runningMean 8
    12.layer.channelOutput.normalization.runningVariance 8
    13.layer.first.normalization1.runningMean 16
    13.layer.first.normalization1.runningVariance 16
    13.layer.first.normalization2.runningMean 4
    13.layer.first.normalization2.runningVariance 4
    13.layer.first.normalization3.runningMean 4
    13.layer.first.normalization3.runningVariance 4
    13.layer.trunk.0.normalization1.runningMean 16
    13.layer.trunk.0.normalization1.runningVariance 16
    13.layer.trunk.0.normalization2.runningMean 4
    13.layer.trunk.0.normalization2.runningVariance 4
    13.layer.trunk.0.normalization3.runningMean 4
    13.layer.trunk.0.normalization3.runningVariance 4
    13.layer.trunk.1.normalization1.runningMean 16
    13.layer.trunk.1.normalization1.runningVariance 16
    13.layer.trunk.1.normalization2.runningMean 4
    13.layer.trunk.1.normalization2.runningVariance 4
    13.layer.trunk.1.normalization3.runningMean 4
    13.layer.trunk.1.normalization3.runningVariance 4
    13.layer.branch.down.0.normalization1.runningMean 16
    13.layer.branch.down.0.normalization1.runningVariance 16
    13.layer.branch.down.0.normalization2.runningMean 4
    13.layer.branch.down.0.normalization2.runningVariance 4
    13.layer.branch.down.0.normalization3.runningMean 4
    13.layer.branch.down.0.normalization3.runningVariance 4
    13.layer.branch.down.1.normalization1.runningMean 16
    13.layer.branch.down.1.normalization1.runningVariance 16
    13.layer.branch.down.1.normalization2.runningMean 4
    13.layer.branch.down.1.normalization2.runningVariance 4
    13.layer.branch.down.1.normalization3.runningMean 4
    13.layer.branch.down.1.normalization3.runningVariance 4
    13.layer.branch.skips.0.normalization1.runningMean 16
    13.layer.branch.skips.0.normalization1.runningVariance 16
    13.layer.branch.skips.0.normalization2.runningMean 4
    13.layer.branch.skips.0.normalization2.runningVariance 4
    13.layer.branch.skips.0.normalization3.runningMean 4
    13.layer.branch.skips.0.normalization3.runningVariance 4
    13.layer.branch.skips.1.normalization1.runningMean 16
    13.layer.branch.skips.1.normalization1.runningVariance 16
    13.layer.branch.skips.1.normalization2.runningMean 4
    13.layer.branch.skips.1.normalization2.runningVariance 4
    13.layer.branch.skips.1.normalization3.runningMean 4
    13.layer.branch.skips.1.normalization3.runningVariance 4
    13.layer.branch.bottom.0.normalization1.runningMean 16
    13.layer.branch.bottom.0.normalization1.runningVariance 16
    13.layer.branch.bottom.0.normalization2.runningMean 4
    13.layer.branch.bottom.0.normalization2.runningVariance 4
    13.layer.branch.bottom.0.normalization3.runningMean 4
    13.layer.branch.bottom.0.normalization3.runningVariance 4
    13.layer.branch.bottom.1.normalization1.runningMean 16
    13.layer.branch.bottom.1.normalization1.runningVariance 16
    13.layer.branch.bottom.1.normalization2.runningMean 4
    13.layer.branch.bottom.1.normalization2.runningVariance 4
    13.layer.branch.bottom.1.normalization3.runningMean 4
    13.layer.branch.bottom.1.normalization3.runningVariance 4
    13.layer.branch.up.0.normalization1.runningMean 16
    13.layer.branch.up.0.normalization1.runningVariance 16
    13.layer.branch.up.0.normalization2.runningMean 4
    13.layer.branch.up.0.normalization2.runningVariance 4
    13.layer.branch.up.0.normalization3.runningMean 4
    13.layer.branch.up.0.normalization3.runningVariance 4
    13.layer.branch.up.1.normalization1.runningMean 16
    13.layer.branch.up.1.normalization1.runningVariance 16
    13.layer.branch.up.1.normalization2.runningMean 4
    13.layer.branch.up.1.normalization2.runningVariance 4
    13.layer.branch.up.1.normalization3.runningMean 4
    13.layer.branch.up.1.normalization3.runningVariance 4
    13.layer.branch.normalization1.runningMean 16
    13.layer.branch.normalization1.runningVariance 16
    13.layer.branch.normalization2.runningMean 16
    13.layer.branch.normalization2.runningVariance 16
    13.layer.last.normalization1.runningMean 16
    13.layer.last.normalization1.runningVariance 16
    13.layer.last.normalization2.runningMean 4
    13.layer.last.normalization2.runningVariance 4
    13.layer.last.normalization3.runningMean 4
    13.layer.last.normalization3.runningVariance 4
    15.layer.normalization.runningMean 16
    15.layer.normalization.runningVariance 16
    """.split(separator: "\n").map(String.init)
}
