import Kernels
import Support

/// The Fréchet inception distance (Heusel et al., 2017, "GANs Trained by a Two Time-Scale Update Rule Converge to a
/// Local Nash Equilibrium", eq. 6) to one set of pictures: ‖μ₁ − μ₂‖² + tr(C₁ + C₂ − 2 (C₁ C₂)^½).
///
/// The square root of the nonsymmetric product is not computed: its trace is Σ √λ over the eigenvalues of C₁^½ C₂ C₁^½.
///
/// With fewer pictures than features most eigenvalues are 0 up to rounding, and their roots add up: for 60 pictures the
/// distance is too small by about 1e-6 of the covariances' traces, as it is in pytorch-fid.
struct FrechetDistance {
  /// The minimum number of pictures for which reports have a distance.
  static let fewestPictures = 50
  /// The number of pictures below which reports warn: covariances of 2048 features are singular up to that number.
  static let enoughPictures = 2048

  static let title = "FID"
  static let definition =
    "The Fréchet inception distance (Heusel et al., 2017) of all filled pictures to all originals, whole pictures both, as "
    + "pytorch-fid defines it: Inception's 2048 features, pictures resized bilinearly to 299 x 299 without antialiasing. "
    + "One number for a set, which shrinks as the set grows: only those of as many pictures can be compared."

  /// The regularization that is added to both diagonals if there is no root without it.
  private static let ridge = 1e-6

  private let mean: [Double]
  private let covariance: SymmetricMatrix
  /// C₁^½; nil if it does not exist.
  private let root: SymmetricMatrix?

  /// - Parameter originals: The features of at least two pictures.
  init(to originals: FeatureStatistics) {
    mean = originals.mean
    covariance = originals.covariance
    root = covariance.squareRoot()
  }

  /// The distance of other pictures' features; nil if it is not finite.
  ///
  /// - Parameter statistics: The statistics of as many features, and of at least two pictures.
  func distance(of statistics: FeatureStatistics) -> Double? {
    let other = statistics.covariance
    let shift = zip(mean, statistics.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    guard
      let overlap = root.flatMap({ Self.traceOfRoot(other, beside: $0) })
        ?? Self.ridged(covariance).squareRoot().flatMap({ Self.traceOfRoot(Self.ridged(other), beside: $0) })
    else { return nil }
    return shift + covariance.trace + other.trace - 2 * overlap
  }

  private static func traceOfRoot(_ matrix: SymmetricMatrix, beside root: SymmetricMatrix) -> Double? {
    matrix.between(root).eigenvalues()?.reduce(0) { $0 + max($1, 0).squareRoot() }
  }

  private static func ridged(_ matrix: SymmetricMatrix) -> SymmetricMatrix {
    var ridged = matrix
    for index in 0..<matrix.size { ridged[index, index] += ridge }
    return ridged
  }

  /// The warning for too few pictures; nil if they are enough.
  static func warning(pictureCount: Int) -> String? {
    guard pictureCount < enoughPictures else { return nil }
    return
      "The FID of \(pictureCount) pictures is larger than that of many: expected at least \(enoughPictures), one a "
      + "feature; compare it only with one of as many pictures."
  }
}

/// The running mean and scatter matrix of features in 64 bits (Welford, 1962), which stores no features and subtracts no
/// large sums from each other.
struct FeatureStatistics {
  private(set) var count = 0
  /// The mean of each feature.
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
