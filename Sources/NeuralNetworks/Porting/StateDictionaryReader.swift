import Support
import Tensors

/// A state dictionary of another program, read entry by entry, that collects what is wrong with it.
package final class StateDictionaryReader {
  private let tensor: (String) throws -> Tensor?
  private var faults: [String] = []

  /// The most faults that a sentence names.
  private static let faultLimit = 10

  /// - Parameter tensor: Gives the entry of a name, nil if there is none.
  package init(_ tensor: @escaping (String) throws -> Tensor?) {
    self.tensor = tensor
  }

  /// An entry of a shape; zeros if there is none, it has another shape or holds values that are not finite.
  ///
  /// - Throws: What reading throws.
  package func tensor(_ name: String, shape: Shape) throws -> Tensor {
    guard let value = try tensor(name) else {
      faults.append("`\(name)` expected of shape \(shape), found none")
      return .zeros(shape)
    }
    if value.shape != shape {
      faults.append("`\(name)` expected of shape \(shape), found \(value.shape)")
    } else if !value.isFinite {
      faults.append("`\(name)` expected finite, found values that are not")
    } else {
      return value
    }
    return .zeros(shape)
  }

  /// Ends the reading.
  ///
  /// - Parameters:
  ///   - source: The file, for messages.
  ///   - network: What its weights were expected to be of.
  /// - Throws: A `Failure` of the kind `data` that names the entries that were missing, had another shape or held values
  ///   that are not finite: the first ten, and how many more.
  package func requireSound(source: String, network: String) throws {
    guard !faults.isEmpty else { return }
    let rest = faults.count > Self.faultLimit ? "; and \(faults.count - Self.faultLimit) more" : ""
    let named = faults.prefix(Self.faultLimit).joined(separator: "; ")
    throw Failure(.data, "\(source): not the weights of \(network): \(named)\(rest).")
  }
}
