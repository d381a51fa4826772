import InpaintingModels
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Evaluation
@testable import Support

@Suite struct PerceptualWeightsTests {
  private typealias Entry = (name: String, shape: [Int], values: [Scalar])

  /// SqueezeNet full of noise, under torchvision's names, and its heads.
  private static func entries() throws -> (trunk: [Entry], heads: [Entry]) {
    let all = try SmallNetworks.perceptual().stateDictionary().map { ($0.name, $0.value.shape, $0.value.elements) }
    return (all.filter { $0.0.hasPrefix("features.") }, all.filter { $0.0.hasPrefix("lin") })
  }

  /// An entry under the name that lpips gives it.
  private static func renamed(_ entry: Entry) -> Entry {
    let number = entry.name.split(separator: ".")[1]
    let slices = ["0": 1, "3": 2, "4": 2, "6": 3, "7": 3, "9": 4, "10": 5, "11": 6, "12": 7]
    return ("net.slice\(slices[String(number)] ?? 0)." + entry.name.dropFirst(9), entry.shape, entry.values)
  }

  /// Heads of ones, and nothing else.
  private static func heads(_ channels: [Int]) -> [Entry] {
    channels.enumerated().map { ("lin\($0).model.1.weight", [1, $1, 1, 1], [Scalar](repeating: 1, count: $1)) }
  }

  @Test func `one file of lpips, or torchvision's trunk beside the heads`() throws {
    let folder = try TemporaryFolder()
    let (trunk, heads) = try Self.entries()
    try SafeTensorsWriter.write(trunk.map(Self.renamed) + heads, to: folder.file("all.pth"))
    try SafeTensorsWriter.write(trunk, to: folder.file("trunk.pth"))
    try SafeTensorsWriter.write(heads, to: folder.file("heads.pth"))
    let expected = try SmallNetworks.perceptual().parameters.map(\.value.elements)
    for paths in [["all.pth"], ["trunk.pth", "heads.pth"], ["heads.pth", "trunk.pth"]] {
      let (similarity, network) = try PerceptualSimilarity.reading(paths.map(folder.file), network: nil)
      #expect(network == .squeeze)
      #expect(zip(similarity.parameters, expected).allSatisfy { areIdentical($0.value.elements, $1) })
    }
  }

  @Test func `the heads tell the trunk`() throws {
    let folder = try TemporaryFolder()
    for network in PerceptualNetwork.allCases {
      let path = folder.file(network.rawValue)
      try SafeTensorsWriter.write(Self.heads(network.makeTrunk().channels), to: path)
      #expect(try PerceptualNetwork(ofHeadsIn: [WeightFile(path: path)]) == network)
    }
  }

  @Test func `what is missing is named with the shape that it should have`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("alex.pth")
    func sentence(_ network: PerceptualNetwork?) -> String? {
      #expect(throws: Failure.self) { try PerceptualSimilarity.reading([path], network: network) }?.message
    }
    try SafeTensorsWriter.write(Self.heads([64, 192, 384, 256, 256]), to: path)
    #expect(
      sentence(nil)?.hasPrefix(
        "\(path): expected the weights of LPIPS with AlexNet, found others: `features.0.weight` expected of shape "
          + "[64, 3, 11, 11], found none; ")
        == true)
    #expect(
      sentence(.vgg)?.hasSuffix("found none; and 20 more.") == true && sentence(.vgg)?.contains("with VGG16") == true)
    try SafeTensorsWriter.write([("features.0.weight", [1], [1])], to: path)
    #expect(
      sentence(nil)
        == "\(path): expected the weights of LPIPS, with `lin1.model.1.weight` of shape [1, 192, 1, 1] or [1, 128, 1, 1], "
        + "found none; name a file that has heads and trunk, or a file of each with `lpipsWeights`.")
  }
}
