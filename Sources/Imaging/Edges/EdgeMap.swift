/// A binary edge map, detected or drawn: 1 on an edge, 0 elsewhere, rows from the top.
package struct EdgeMap: BinaryRaster {
  package let width: Int
  package let height: Int
  /// `height * width` values, 0 or 1.
  package let values: [UInt8]

  package init(width: Int, height: Int, values: [UInt8]) {
    precondition(
      width > 0 && height > 0 && values.count == width * height && values.allSatisfy { $0 <= 1 },
      "EdgeMap: expected \(width)x\(height) values of 0 or 1, found \(values.count) of at most \(values.max() ?? 0)")
    self.width = width
    self.height = height
    self.values = values
  }

  /// The map in another size, in which no line is lost.
  package func resized(toWidth width: Int, height: Int) -> EdgeMap { resizedCovering(toWidth: width, height: height) }

  /// The morphological dilation of the map; the structuring element is a disc of `radius` pixels.
  ///
  /// - Parameter radius: Zero leaves the map as it is. The time grows with its square.
  /// - Precondition: The radius is finite and not negative.
  package func dilated(by radius: Double) -> EdgeMap {
    precondition(radius >= 0 && radius.isFinite, "EdgeMap.dilated: expected a radius of 0 or more, found \(radius)")
    guard radius >= 1 else { return self }
    let reach = Int(min(radius, Double(max(width, height))))
    let halfWidths = (0...reach).map { Int((radius * radius - Double($0 * $0)).squareRoot()) }
    var dilated = values
    dilated.withUnsafeMutableBufferPointer { dilated in
      values.withUnsafeBufferPointer { values in
        for y in 0..<height {
          for x in 0..<width where values[y * width + x] != 0 {
            for row in max(y - reach, 0)...min(y + reach, height - 1) {
              let halfWidth = halfWidths[abs(row - y)]
              for column in max(x - halfWidth, 0)...min(x + halfWidth, width - 1) { dilated[row * width + column] = 1 }
            }
          }
        }
      }
    }
    return EdgeMap(width: width, height: height, values: dilated)
  }

  /// The 8-connected components: a slice of pixel indices for each, in raster order of their first pixels.
  package var components: [ArraySlice<Int>] {
    var order: [Int] = []
    var starts: [Int] = []
    var rest = values
    rest.withUnsafeMutableBufferPointer { rest in
      for start in 0..<rest.count where rest[start] != 0 {
        starts.append(order.count)
        var next = order.count
        rest[start] = 0
        order.append(start)
        while next < order.count {
          let (y, x) = order[next].quotientAndRemainder(dividingBy: width)
          next += 1
          for row in max(y - 1, 0)...min(y + 1, height - 1) {
            for neighbor in row * width + max(x - 1, 0)...row * width + min(x + 1, width - 1) where rest[neighbor] != 0
            {
              rest[neighbor] = 0
              order.append(neighbor)
            }
          }
        }
      }
    }
    return zip(starts, starts.dropFirst() + [order.count]).map { order[$0..<$1] }
  }
}
