import Foundation

/// The present speed of work: a mean over time in which older work counts less and less.
///
/// Work and time are averaged apart and then divided, so that many short steps weigh no more than few long ones.
package struct SmoothedRate {
  /// After this many seconds, work counts 1/e of what it did.
  package let memory: Double
  private var work = 0.0
  private var seconds = 0.0

  package init(memory: Double = 60) {
    self.memory = memory
  }

  /// - Parameter seconds: How long the work took; anything but a finite positive time is left out.
  package mutating func add(_ work: Double, seconds: Double) {
    guard seconds > 0, seconds.isFinite else { return }
    let decay = exp(-seconds / memory)
    self.work = self.work * decay + work
    self.seconds = self.seconds * decay + seconds
  }

  /// Work a second, nil before there was any.
  package var perSecond: Double? {
    seconds > 0 && work > 0 ? work / seconds : nil
  }
}
