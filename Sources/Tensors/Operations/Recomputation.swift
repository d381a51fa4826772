/// An operation that keeps its inputs alone: what it makes on the way is let go of, and made again for the gradient
/// (Chen et al., 2016, "Training deep nets with sublinear memory cost").
///
/// - Parameters:
///   - value: The result. Nothing of it is recorded.
///   - rule: From the result's cotangent and the inputs, the cotangent of the input of the number given, written in
///     public operations, so that it can be differentiated again.
package func recomputed(
  _ inputs: [Tensor], value: ([Tensor]) -> Tensor,
  rule: @escaping @Sendable (_ cotangent: Tensor, _ inputs: [Tensor], _ number: Int) -> Tensor
) -> Tensor {
  value(inputs.map { $0.detached() })
    .recorded(
      from: inputs.indices.map { number in (inputs[number], { cotangent, _ in rule(cotangent, inputs, number) }) })
}
