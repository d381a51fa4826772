import Testing

@testable import Training

@Suite struct AttentionCostTests {
  @Test func `costs are those of the map that is said`() throws {
    let cost = try AttentionCost(of: "se", calls: 1)
    // Two matrices of 96 x 6.
    #expect(cost.parameterCount == 2 * 96 * 6)
    #expect(cost.multiplyAdds == 96 * 64 * 64 + 2 * 96 * 6)
    // At least the features' own gradient lived.
    #expect(cost.trainingBytes > 64 * 64 * 96 * 4 && cost.forwardSeconds > 0 && cost.trainingSeconds > 0)
  }
}
