import Kernels

/// The mean and the scatter of features of pictures that come one after the other, in 64 bits (Welford, 1962): no features
/// are kept, and nothing cancels.
struct FeatureStatistics {
  private(set) var count = 0
  /// A number a feature.
  private(set) var mean: [Double]
  /// The sum of (x − mean)(x − mean)ᵀ.
  private var scatter: SymmetricMatrix

  init(featureCount: Int) {
    mean = [Double](repeating: 0, count: featureCount)
    scatter = SymmetricMatrix(zerosOfSize: featureCount)
  }

  /// Adds the features of a picture.
  mutating func add(_ features: [Double]) {
    count += 1
    let differences = zip(features, mean).map { $0 - $1 }
    for index in mean.indices { mean[index] += differences[index] / Double(count) }
    scatter.addOuterProduct(of: differences, scale: Double(count - 1) / Double(count))
  }

  /// The unbiased covariance.
  ///
  /// - Precondition: There are at least two pictures.
  var covariance: SymmetricMatrix {
    precondition(count > 1, "FeatureStatistics: \(count) pictures have no covariance")
    return scatter.scaled(by: 1 / Double(count - 1))
  }
}
