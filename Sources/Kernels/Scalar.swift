/// The number every tensor is made of: `Float`, or `Double` with the package trait `DoublePrecision`.
#if DoublePrecision
  public typealias Scalar = Double
#else
  public typealias Scalar = Float
#endif

public typealias Source = UnsafePointer<Scalar>
public typealias Destination = UnsafeMutablePointer<Scalar>
