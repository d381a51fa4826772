import Foundation
import NeuralNetworks
import Tensors

@testable import InpaintingModels

/// Files of weights, pictures and results of public ports, for whoever has them: the folder is named by the environment
/// variable `KINTSUGI_FIXTURES`.
struct PortedWeights {
  static let folder = ProcessInfo.processInfo.environment["KINTSUGI_FIXTURES"]

  private let reader: SafeTensorsReader

  init(_ name: String) throws {
    reader = try SafeTensorsReader(path: Self.folder! + "/" + name + ".safetensors")
  }

  /// A tensor in the file's own layout.
  func tensor(_ name: String) throws -> Tensor {
    guard let entry = reader.entry(named: name) else {
      throw Failure(.data, "\(reader.path): expected a tensor \(name), found none")
    }
    return Tensor(try reader.scalars(of: entry), shape: entry.shape)
  }

  /// Pictures: [batch, channels, height, width] in the file, channels last here.
  func pictures(_ name: String) throws -> Tensor { try tensor(name).permuted([0, 2, 3, 1]) }

  /// Fills a module; `name` tells the port's name of a layer from ours.
  func load(into module: any Module, prefix: String, name: (String) -> String) throws {
    for (own, parameter) in module.namedParameters {
      let parts = own.split(separator: ".")
      let value = try tensor(prefix + name(parts.dropLast().joined(separator: ".")) + "." + parts.last!)
      parameter.assign(value.rank == 4 ? value.permuted([2, 3, 1, 0]) : value)
    }
  }
}

/// The layers' names in a port whose layers are called as the authors' TensorFlow variables.
func tensorflowPortName(_ own: String) -> String {
  let layer = own.split(separator: ".").last!
  let number = Int(layer.drop { !$0.isNumber })!
  switch number {
  case 2, 4: return layer + "_downsample.conv"
  // Those of the attention branch are not dilated.
  case 7...10 where !layer.hasPrefix("pm"): return layer + "_atrous.conv"
  case 13, 15: return layer + "_upsample.conv.conv"
  default: return layer + ".conv"
  }
}

/// The layers' names in a port with symmetric padding.
func symmetricPortName(_ own: String) -> String {
  let layer = String(own.split(separator: ".").last!)
  let prefix = String(layer.prefix { !$0.isNumber })
  let number = Int(layer.dropFirst(prefix.count))!
  let stage = prefix == "conv" ? "stage1." : "stage2."
  let branch = ["conv": "", "xconv": "conv_", "pmconv": "ca_", "allconv": ""][prefix]!
  switch number {
  case 1: return stage + branch + "conv1.conv"
  case 2, 4: return stage + branch + "down_block\(number / 2).conv1_downsample.conv"
  case 3, 5: return stage + branch + "down_block\(number / 2).conv2.conv"
  case 6...12: return stage + branch + "conv_bn\(number - 5).conv"
  case 13, 15: return stage + "up_block\(number / 2 - 5).conv1_upsample.conv.conv"
  case 14, 16: return stage + "up_block\(number / 2 - 6).conv2.conv"
  default: return stage + "conv_to_rgb.conv"
  }
}
