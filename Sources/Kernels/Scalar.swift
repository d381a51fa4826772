/// The element type of all tensors: `Float`, or `Double` with the package trait `DoublePrecision`.
#if DoublePrecision
  package typealias Scalar = Double
#else
  package typealias Scalar = Float
#endif

package typealias Source = UnsafePointer<Scalar>
package typealias Destination = UnsafeMutablePointer<Scalar>
