import Foundation
import Imaging
import Support

/// Pieces of a page. Everything that may come from a file name or a flag goes through `escaped`.
package enum HTML {
  /// A whole file that needs nothing but itself, in the style of all reports.
  ///
  /// - Parameter body: HTML already; the title is not.
  package static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <style>
    \(PageStyle.sheet)
    </style>
    </head>
    <body>
    <main>
    \(body)
    </main>
    </body>
    </html>

    """
  }

  /// The text with the characters that mean something to HTML written as entities.
  package static func escaped(_ text: String) -> String {
    let text = text.showingPathBytes
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `<name class="…">content</name>`; the content is HTML already.
  package static func element(_ name: String, class style: String? = nil, _ content: String) -> String {
    "<\(name)\(style.map { " class=\"\($0)\"" } ?? "")>\(content)</\(name)>"
  }

  /// A picture within the page itself, as a JPEG data URI.
  ///
  /// - Throws: `Failure` of kind `internalError` for want of memory.
  package static func image(_ picture: Picture, description: String) throws -> String {
    let data = Data(try picture.jpegData(quality: 92)).base64EncodedString()
    return "<img alt=\"\(escaped(description))\" width=\"\(picture.width)\" height=\"\(picture.height)\" "
      + "src=\"data:image/jpeg;base64,\(data)\">"
  }
}
