import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Evaluation
@testable import Support

@Suite struct SquareRuleTests {
  /// The rule is stated here and applied there: both must mean the same.
  @Test(arguments: [(37, 20), (20, 37), (50, 50), (9, 14), (16, 16)])
  func `squares are those that training validates on`(width: Int, height: Int) throws {
    let folder = try TemporaryFolder()
    let picture = MetricReference(width: width, height: height, hole: "", roughness: 70, values: []).original
    try FileWriter.writeAtomically(picture.pngData(), to: folder.file("a.png"))
    let preparation = ExamplePreparation(
      size: 16, crop: .center, flip: false, holes: BoxHoles(pictureSize: 16), seed: 0)
    let example = try preparation.example(
      number: 0, picture: 0, of: PictureCollection(files: [ListedPicture(name: "a", path: folder.file("a.png"))]))
    let square = SquareRule(size: 16).geometry(ofWidth: width, height: height).applied(to: picture)
    #expect(square == example.picture)
  }
}
