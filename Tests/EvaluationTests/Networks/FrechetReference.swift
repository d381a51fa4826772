// swift-format-ignore-file
// Made by Scripts/make-perceptual-values; do not edit.

/// pytorch-fid's distances of the noises `originals` x and 0.7 · `fillings` + 0.5 · x + 0.1.
enum FrechetReference {
  static let values: [(pictures: Int, features: Int, distance: Double)] = [
    (60, 12, 0.379648975333),
    (200, 64, 3.01604184197),
    (60, 80, 11.3448353662),
    (50, 300, 70.1043082266),
  ]
}
