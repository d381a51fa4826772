/// Common ranges of real numbers, and their wording in messages.
///
/// All are closed: an open end is represented by the nearest number inside, and worded as open.
extension ClosedRange<Double> {
  /// Every finite number.
  package static var finite: ClosedRange<Double> {
    -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  }

  /// Above 0.
  package static var positive: ClosedRange<Double> {
    Double.leastNonzeroMagnitude...Double.greatestFiniteMagnitude
  }

  /// 0 and above.
  package static var nonNegative: ClosedRange<Double> {
    0...Double.greatestFiniteMagnitude
  }

  /// From `lower` to just below `upper`.
  ///
  /// - Precondition: `lower < upper`.
  package static func from(_ lower: Double, below upper: Double) -> ClosedRange<Double> {
    lower...upper.nextDown
  }

  /// The wording in messages: `a number from 0 to below 1`.
  var expectation: String {
    let from = lowerBound == -Double.greatestFiniteMagnitude ? nil : lowerBound
    let to = upperBound == Double.greatestFiniteMagnitude ? nil : upperBound
    let lower = from.map { bound in
      bound == Double.leastNonzeroMagnitude ? "above 0" : "from \(plain(bound))"
    }
    let upper = to.map { bound in
      bound.nextUp.description.utf8.count + 4 < bound.description.utf8.count
        ? "below \(plain(bound.nextUp))" : "\(plain(bound))"
    }
    return switch (lower, upper) {
    case (nil, nil): "a number"
    case (let lower?, nil): "a number " + lower + (lower.hasPrefix("from") ? " up" : "")
    case (nil, let upper?): "a number " + (upper.hasPrefix("below") ? upper : "up to " + upper)
    case (let lower?, let upper?): "a number " + lower + (lower.hasPrefix("from") ? " to " : " and up to ") + upper
    }
  }

  /// The bound, without a fraction if it is whole.
  private func plain(_ bound: Double) -> String {
    Int(exactly: bound)?.description ?? bound.description
  }
}

extension ClosedRange<Int> {
  /// The wording in messages: `from 1 to 4096`.
  func expectation(of what: String) -> String {
    switch (lowerBound == .min, upperBound == .max) {
    case (true, true): what
    case (false, true): "\(what) from \(lowerBound) up"
    case (true, false): "\(what) up to \(upperBound)"
    case (false, false): "\(what) from \(lowerBound) to \(upperBound)"
    }
  }

  /// The wording of a count in messages: `1 to 4 elements`.
  var countExpectation: String {
    let noun = upperBound == 1 ? "element" : "elements"
    if lowerBound == upperBound { return "\(lowerBound) \(noun)" }
    return upperBound == .max ? "at least \(lowerBound) elements" : "\(lowerBound) to \(upperBound) \(noun)"
  }
}
