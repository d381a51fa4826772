extension ParameterList {
  /// All that a published DeepFill v2 of the width 8 saved when the first checkpoints were written.
  static let deepFillV2 = """
    generator coarse.conv1.weight 5x5x5x8 a8cdda64
    generator coarse.conv1.bias 8 8a9136aa
    generator coarse.conv2.weight 3x3x4x16 d176450e
    generator coarse.conv2.bias 16 03c8eb67
    generator coarse.conv3.weight 3x3x8x16 99c149bc
    generator coarse.conv3.bias 16 03c8eb67
    generator coarse.conv4.weight 3x3x8x32 d8b75ce3
    generator coarse.conv4.bias 32 082764db
    generator coarse.conv5.weight 3x3x16x32 45a3d875
    generator coarse.conv5.bias 32 082764db
    generator coarse.conv6.weight 3x3x16x32 6de3f2aa
    generator coarse.conv6.bias 32 082764db
    generator coarse.conv7.weight 3x3x16x32 6c565397
    generator coarse.conv7.bias 32 082764db
    generator coarse.conv8.weight 3x3x16x32 5ad0f035
    generator coarse.conv8.bias 32 082764db
    generator coarse.conv9.weight 3x3x16x32 b7a13176
    generator coarse.conv9.bias 32 082764db
    generator coarse.conv10.weight 3x3x16x32 667db007
    generator coarse.conv10.bias 32 082764db
    generator coarse.conv11.weight 3x3x16x32 998f3514
    generator coarse.conv11.bias 32 082764db
    generator coarse.conv12.weight 3x3x16x32 6be6d59d
    generator coarse.conv12.bias 32 082764db
    generator coarse.conv13.weight 3x3x16x16 5cabc58c
    generator coarse.conv13.bias 16 03c8eb67
    generator coarse.conv14.weight 3x3x8x16 d4e3cbf1
    generator coarse.conv14.bias 16 03c8eb67
    generator coarse.conv15.weight 3x3x8x8 179cf2ac
    generator coarse.conv15.bias 8 8a9136aa
    generator coarse.conv16.weight 3x3x4x4 27d76b17
    generator coarse.conv16.bias 4 42709aea
    generator coarse.conv17.weight 3x3x2x3 39663e39
    generator coarse.conv17.bias 3 2b60b55d
    generator refinement.xconv1.weight 5x5x3x8 2e3e6c27
    generator refinement.xconv1.bias 8 8a9136aa
    generator refinement.xconv2.weight 3x3x4x8 19736056
    generator refinement.xconv2.bias 8 8a9136aa
    generator refinement.xconv3.weight 3x3x4x16 3520df8c
    generator refinement.xconv3.bias 16 03c8eb67
    generator refinement.xconv4.weight 3x3x8x16 f26028f4
    generator refinement.xconv4.bias 16 03c8eb67
    generator refinement.xconv5.weight 3x3x8x32 544509f6
    generator refinement.xconv5.bias 32 082764db
    generator refinement.xconv6.weight 3x3x16x32 39c197e6
    generator refinement.xconv6.bias 32 082764db
    generator refinement.xconv7.weight 3x3x16x32 ab873343
    generator refinement.xconv7.bias 32 082764db
    generator refinement.xconv8.weight 3x3x16x32 cbe9d58f
    generator refinement.xconv8.bias 32 082764db
    generator refinement.xconv9.weight 3x3x16x32 a7abaaaa
    generator refinement.xconv9.bias 32 082764db
    generator refinement.xconv10.weight 3x3x16x32 a8a7942f
    generator refinement.xconv10.bias 32 082764db
    generator refinement.pmconv1.weight 5x5x3x8 6fa86832
    generator refinement.pmconv1.bias 8 8a9136aa
    generator refinement.pmconv2.weight 3x3x4x8 d7cf301c
    generator refinement.pmconv2.bias 8 8a9136aa
    generator refinement.pmconv3.weight 3x3x4x16 4a18fcb3
    generator refinement.pmconv3.bias 16 03c8eb67
    generator refinement.pmconv4.weight 3x3x8x32 d03decbc
    generator refinement.pmconv4.bias 32 082764db
    generator refinement.pmconv5.weight 3x3x16x32 f5f159e0
    generator refinement.pmconv5.bias 32 082764db
    generator refinement.pmconv6.weight 3x3x16x32 3e8b5e66
    generator refinement.pmconv6.bias 32 082764db
    generator refinement.pmconv9.weight 3x3x16x32 bee7d897
    generator refinement.pmconv9.bias 32 082764db
    generator refinement.pmconv10.weight 3x3x16x32 f42e2c3c
    generator refinement.pmconv10.bias 32 082764db
    generator refinement.allconv11.weight 3x3x32x32 7e03c242
    generator refinement.allconv11.bias 32 082764db
    generator refinement.allconv12.weight 3x3x16x32 66b16c1a
    generator refinement.allconv12.bias 32 082764db
    generator refinement.allconv13.weight 3x3x16x16 9eeb3317
    generator refinement.allconv13.bias 16 03c8eb67
    generator refinement.allconv14.weight 3x3x8x16 9f7d59e1
    generator refinement.allconv14.bias 16 03c8eb67
    generator refinement.allconv15.weight 3x3x8x8 54aa5cfd
    generator refinement.allconv15.bias 8 8a9136aa
    generator refinement.allconv16.weight 3x3x4x4 bf1248bb
    generator refinement.allconv16.bias 4 42709aea
    generator refinement.allconv17.weight 3x3x2x3 654394e8
    generator refinement.allconv17.bias 3 2b60b55d
    discriminator conv1.weight 5x5x4x2 0cffd6e5
    discriminator conv1.bias 2 8c28b28a
    discriminator conv2.weight 5x5x2x4 7cba4497
    discriminator conv2.bias 4 42709aea
    discriminator conv3.weight 5x5x4x8 13f03692
    discriminator conv3.bias 8 8a9136aa
    discriminator conv4.weight 5x5x8x8 c177c054
    discriminator conv4.bias 8 8a9136aa
    discriminator conv5.weight 5x5x8x8 d06c1097
    discriminator conv5.bias 8 8a9136aa
    discriminator conv6.weight 5x5x8x8 692d3020
    discriminator conv6.bias 8 8a9136aa
    discriminator conv1.spectralNorm.u 1x2
    discriminator conv2.spectralNorm.u 1x4
    discriminator conv3.spectralNorm.u 1x8
    discriminator conv4.spectralNorm.u 1x8
    discriminator conv5.spectralNorm.u 1x8
    discriminator conv6.spectralNorm.u 1x8
    """.split(separator: "\n").map(String.init)
}
