import TestSupport
import Testing

@testable import InpaintingData

@Suite struct PictureRecognitionTests {
  @Test func `Pictures of other kinds are counted, the most frequent first`() throws {
    let folder = try TemporaryFolder()
    var recognition = PictureRecognition()
    #expect(recognition.remark(folder: "photos") == nil)
    let files = [
      ("a.tif", "MM\0*"), ("b.gif", "GIF89a"), ("c.heic", "\0\0\0\u{18}ftypheic"), ("d.bin2", "GIF87a"),
      ("e.mov2", "\0\0\0\u{18}ftypqt"), ("f", ""),
    ]
    for (name, text) in files {
      let isPicture = try recognition.isPicture(name: name, path: folder.write(text, to: name))
      #expect(!isPicture)
    }
    #expect(recognition.counts == "2 GIF, 1 HEIC, 1 TIFF")
    #expect(
      recognition.remark(folder: "photos")
        == "photos: 2 GIF, 1 HEIC, 1 TIFF pictures are left out: expected JPEG, PNG or WebP; convert them to use them.")
  }

  @Test func `Files whose extensions speak for themselves are not opened`() {
    var recognition = PictureRecognition()
    let arePictures = ["a.JPG", "a.json", "a.xyz"].map { recognition.isPicture(name: $0, path: "/nonexistent/" + $0) }
    #expect(arePictures == [true, false, false])
    #expect(PictureRecognition.promisesPicture("x.y.WebP") && !PictureRecognition.promisesPicture("jpg"))
  }
}
