import Support

/// A label map: the class of every pixel of a picture, rows from the top.
public struct LabelMap: Raster {
  public let width: Int
  public let height: Int
  /// `height * width` indices of classes, or `ignored`.
  public package(set) var values: [UInt8]
  package let classes: LabelClasses

  /// The value in memory of ignored pixels, which belong to no class.
  public static let ignored: UInt8 = 255

  /// - Precondition: Both sides are positive, and there is an index or `ignored` for each pixel.
  package init(width: Int, height: Int, values: [UInt8], classes: LabelClasses) {
    precondition(
      width > 0 && height > 0 && values.count == width * height
        && values.allSatisfy { Int($0) < classes.count || $0 == Self.ignored },
      "LabelMap: expected \(width)x\(height) indices of \(classes.count) classes, found \(values.count) of at most "
        + "\(values.max() ?? 0)")
    self.width = width
    self.height = height
    self.values = values
    self.classes = classes
  }

  /// A map of ignored pixels only.
  package init(ignoredOfWidth width: Int, height: Int, classes: LabelClasses) {
    self.init(
      width: width, height: height, values: [UInt8](repeating: Self.ignored, count: width * height), classes: classes)
  }

  package func cropped(to part: PixelRectangle) -> LabelMap { moved { $0.cropped(to: part) } }

  /// The map in another size, by nearest-neighbor resampling.
  package func resized(toWidth width: Int, height: Int) -> LabelMap {
    moved { $0.resized(toWidth: width, height: height, filter: .nearest) }
  }

  /// The map flipped horizontally, with the classes of each pair swapped: a flipped left eye is a right one.
  package func flippedHorizontally() -> LabelMap {
    var mirrored = (0...UInt8.max).map { $0 }
    for pair in classes.pairs {
      (mirrored[Int(pair.left)], mirrored[Int(pair.right)]) = (pair.right, pair.left)
    }
    let flipped = moved { $0.flippedHorizontally() }
    return LabelMap(
      width: width, height: height, values: flipped.values.map { mirrored[Int($0)] }, classes: classes)
  }

  package func reflected(toWidth width: Int, height: Int) -> LabelMap {
    moved { $0.reflected(toWidth: width, height: height) }
  }

  /// The result of an operation that moves pixels without interpolation.
  private func moved(_ operation: (Picture) -> Picture) -> LabelMap {
    let result = operation(Picture(width: width, height: height, channels: 1, pixels: values))
    return LabelMap(width: result.width, height: result.height, values: result.pixels, classes: classes)
  }

  /// The map in the colors of its palette; ignored pixels have `LabelClasses.ignoredColor`.
  package var colors: Picture {
    let palette = (0...UInt8.max).map { value in
      let color = classes.color(ofValue: value)
      return [color.red, color.green, color.blue]
    }
    return Picture(width: width, height: height, channels: 3, pixels: values.flatMap { palette[Int($0)] })
  }

  /// An overlay: the mean of the map's colors and a picture; ignored pixels show the picture as it is.
  ///
  /// - Precondition: The picture has the map's size.
  package func laid(over picture: Picture) -> Picture {
    precondition(
      (picture.width, picture.height) == (width, height),
      "LabelMap.laid: expected a picture of \(width)x\(height), found \(picture.width)x\(picture.height)")
    let colors = self.colors
    var mixed = picture.rgb()
    for index in mixed.pixels.indices where values[index / 3] != Self.ignored {
      mixed.pixels[index] = UInt8((Int(mixed.pixels[index]) + Int(colors.pixels[index]) + 1) / 2)
    }
    mixed.alpha = nil
    return mixed
  }

  /// The share of the pixels of each class, and of those that belong to none, 0...1; together 1.
  package func shares() -> (classes: [Double], ignored: Double) {
    var counts = [Int](repeating: 0, count: 256)
    for value in values { counts[Int(value)] += 1 }
    let shares = counts.map { Double($0) / Double(values.count) }
    return (Array(shares.prefix(classes.count)), shares[Int(Self.ignored)])
  }

  /// The remark that the map has only the first class and 255, like a black and white mask; nil for others.
  ///
  /// - Parameter path: The name of the map.
  package func maskRemark(_ path: String) -> String? {
    guard values.contains(0), values.contains(Self.ignored), values.allSatisfy({ $0 == 0 || $0 == Self.ignored }) else {
      return nil
    }
    return
      "\(path): all of it is \(classes.classes[0].name) or ignored, which a hole picture of black and white would be too."
  }

  /// Checks that the map has the size of its picture.
  ///
  /// - Throws: `Failure` of kind `data`.
  package func requireSize(width: Int, height: Int, path: String) throws {
    guard (self.width, self.height) != (width, height) else { return }
    throw Failure(
      .data,
      "\(path): expected a label map of the picture's size \(width)x\(height), found \(self.width)x\(self.height); resize "
        + "it without smoothing (nearest neighbor)")
  }

  /// The map in the size of its picture, for data sets whose maps are smaller than their pictures by a common factor.
  ///
  /// - Throws: `Failure` of kind `data` if the ratios of the sides differ.
  package func scaled(toWidth width: Int, height: Int, path: String) throws -> LabelMap {
    guard self.width * height == self.height * width else {
      throw Failure(
        .data,
        "\(path): expected a label map with sides in the ratio of the picture's \(width)x\(height), found "
          + "\(self.width)x\(self.height); use the maps of these pictures")
    }
    return resized(toWidth: width, height: height)
  }
}
