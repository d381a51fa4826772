import Foundation
package import Imaging
import Support

/// Building blocks of HTML pages. All text from file names or flags is `escaped`.
package enum HTML {
  /// A self-contained page in the style of all reports.
  ///
  /// - Parameter body: The body as HTML; the title is plain text.
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

  /// The text with the special characters of HTML written as entities.
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
  /// - Throws: `Failure` of kind `internalError` if there is not enough memory.
  package static func image(_ picture: Picture, description: String) throws -> String {
    let data = Data(try picture.jpegData(quality: 92)).base64EncodedString()
    return "<img alt=\"\(escaped(description))\" width=\"\(picture.width)\" height=\"\(picture.height)\" "
      + "src=\"data:image/jpeg;base64,\(data)\">"
  }
}

/// The style of a page: light and dark, wide and narrow.
enum PageStyle {
  /// The page's style sheet. Colors are named once for each scheme.
  static let sheet = """
    :root {
      --ground: #fbfaf7; --card: #ffffff; --ink: #23211d; --soft: #6f6a60; --line: #e2ded4; --accent: #a3741a;
      --m0: #b8862b; --m1: #8d99a6; --m2: #4f7cac; --m3: #5b9a78; --m4: #9b6fa8;
      --good: #2e7d4f; --bad: #b3402f; --wash: #f7f0e0;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #171614; --card: #211f1c; --ink: #ece8df; --soft: #a19a8c; --line: #37342e; --accent: #e0b458;
        --m0: #dcae4e; --m1: #7d8894; --m2: #6f9dce; --m3: #74b894; --m4: #bd92ca;
        --good: #74c795; --bad: #ee8a78; --wash: #2f2a1d;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    }
    main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    h1 { font-size: 1.7rem; margin: 0 0 1rem; letter-spacing: -0.01em; }
    h2 { font-size: 1.15rem; margin: 0 0 .75rem; }
    h2:not(:first-child) { margin-top: 1.75rem; }
    h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; color: var(--accent); }
    h4 { font-size: .9rem; font-weight: 600; margin: 0 0 .4rem; overflow-wrap: anywhere; }
    section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem; margin-top: 1.25rem; }
    small { color: var(--soft); font-weight: 400; font-size: .8em; }
    code { font-size: .8em; color: var(--soft); white-space: nowrap; }
    p { color: var(--soft); margin: .5rem 0 0; font-size: .9rem; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 0; font-size: .9rem; }
    dt { font-weight: 600; }
    dd { margin: 0; overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; margin: 0 -1.25rem; padding: 0 1.25rem; }
    table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .45rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
    thead th { font-weight: 600; vertical-align: bottom; }
    thead small { display: block; }
    tbody th { text-align: left; font-weight: 400; }
    th:first-child { position: sticky; left: 0; background: var(--card); padding-left: 0; }
    tr.model th, tr.model td { font-weight: 600; background: var(--wash); }
    tr.model th:first-child { padding-left: .6rem; border-left: 3px solid var(--m0); }
    tr.group th { padding-top: 1rem; color: var(--accent); font-weight: 600; }
    td.better { color: var(--good); }
    td.worse { color: var(--bad); }
    .verdict { display: block; color: inherit; }
    details { margin-top: .75rem; }
    summary { cursor: pointer; color: var(--accent); font-size: .9rem; }
    .legend { display: flex; flex-wrap: wrap; gap: .35rem 1.1rem; font-size: .85rem; }
    .key::before {
      content: ""; display: inline-block; width: .75rem; height: .75rem; border-radius: 3px; margin-right: .4rem;
      background: var(--bar); vertical-align: -1px;
    }
    .m0 { --bar: var(--m0); } .m1 { --bar: var(--m1); } .m2 { --bar: var(--m2); } .m3 { --bar: var(--m3); }
    .m4 { --bar: var(--m4); }
    .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: .25rem 2rem; }
    .bucket { display: grid; grid-template-columns: 4.6rem 1fr; align-items: center; padding: .4rem 0; border-top: 1px solid var(--line); }
    .label { font-size: .8rem; }
    .label small { display: block; }
    .label small::before { content: "n = "; }
    .bar { position: relative; height: .95rem; display: flex; align-items: center; }
    .bar b { height: .6rem; min-width: 1px; background: var(--bar); border-radius: 0 3px 3px 0; }
    .bar i { position: absolute; height: 1px; background: var(--ink); opacity: .55; }
    .bar span { position: absolute; right: 0; font-size: .7rem; font-variant-numeric: tabular-nums; color: var(--soft); }
    .example { margin-bottom: 1.25rem; }
    .views { display: grid; grid-template-columns: repeat(7, 1fr); gap: .6rem; }
    .three { grid-template-columns: repeat(3, 1fr); max-width: 30rem; }
    figure { margin: 0; min-width: 0; }
    figure img { display: block; width: 100%; height: auto; border-radius: 6px; }
    figure.model img { outline: 2px solid var(--m0); outline-offset: 1px; }
    figcaption { font-size: .75rem; margin-top: .3rem; line-height: 1.3; }
    figcaption small { white-space: nowrap; font-size: 1em; }
    ul { margin: 0; padding-left: 1.2rem; font-size: .9rem; overflow-wrap: anywhere; }
    @media (max-width: 44rem) {
      .views { grid-template-columns: repeat(3, 1fr); }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: .6rem; }
    }
    """
}
