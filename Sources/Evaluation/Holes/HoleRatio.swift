import Imaging

/// The classes by which papers sort holes (Liu et al., "Image Inpainting for Irregular Holes Using Partial Convolutions",
/// 2018): the share of the picture that is missing, more than `lower` and at most `upper` per cent.
package struct HoleRatio: Equatable, Sendable {
  /// In per cent; not itself in the class.
  package let lower: Int
  /// In per cent; the last that is.
  package let upper: Int

  /// 1–10 %, 10–20 % … 50–60 %.
  package static let all: [HoleRatio] = [1, 10, 20, 30, 40, 50].map {
    HoleRatio(lower: $0, upper: $0 == 1 ? 10 : $0 + 10)
  }

  /// Such as `0.1-0.2`, as in papers.
  package var key: String { "\(Self.fraction(lower))-\(Self.fraction(upper))" }

  /// Such as `0.1–0.2`, for people.
  package var title: String { "\(Self.fraction(lower))–\(Self.fraction(upper))" }

  /// True if so many missing pixels of so many are of this class; decided in integers.
  func contains(missing: Int, of count: Int) -> Bool {
    missing * 100 > lower * count && missing * 100 <= upper * count
  }

  /// The numbers of missing pixels that are of this class, in a picture of so many.
  func missingCounts(of count: Int) -> ClosedRange<Int> {
    lower * count / 100 + 1...upper * count / 100
  }

  private static func fraction(_ percent: Int) -> String {
    percent % 10 == 0 ? "0.\(percent / 10)" : "0.0\(percent)"
  }
}
