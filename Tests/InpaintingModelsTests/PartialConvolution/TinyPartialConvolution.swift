import NeuralNetworks
import Tensors
import TestSupport

@testable import InpaintingModels

/// A network of partial convolutions that takes no time: three levels, so that pictures have multiples of 8 pixels.
func tinyPartialConvolution(
  seed: UInt64 = 1, _ change: (inout PartialConvolutionConfiguration) -> Void = { _ in }
) -> PartialConvolution {
  var configuration = PartialConvolutionConfiguration()
  configuration.width = 4
  configuration.levels = 3
  configuration.losses.perceptual = 0
  configuration.losses.style = 0
  change(&configuration)
  return PartialConvolution(configuration, seed: seed)
}

/// Writes a seeded VGG16 of a few channels as torchvision would name and arrange it; the path of the file.
func tinyFeatureWeights(in folder: TemporaryFolder, width: Int = 2) throws -> String {
  let shapes: [(layer: Int, from: Int, to: Int)] = [
    (0, 3, width), (2, width, width), (5, width, 2 * width), (7, 2 * width, 2 * width), (10, 2 * width, 4 * width),
    (12, 4 * width, 4 * width), (14, 4 * width, 4 * width),
  ]
  let tensors = shapes.flatMap { layer, inputs, outputs -> [(name: String, shape: Shape, values: [Scalar])] in
    let shape = [outputs, inputs, 3, 3]
    let scale = (6 / Double(9 * inputs)).squareRoot()
    let weight = "features.\(layer).weight"
    let bias = "features.\(layer).bias"
    return [
      (weight, shape, Tensor.noise(weight, shape, scale: scale).elements),
      (bias, [outputs], Tensor.noise(bias, [outputs], scale: 0.1).elements),
    ]
  }
  let path = folder.file("vgg16.safetensors")
  try SafeTensorsWriter.write(tensors, to: path)
  return path
}
