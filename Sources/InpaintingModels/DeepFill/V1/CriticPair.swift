import NeuralNetworks

/// The two critics of DeepFill v1, optimized as one network: one judges the surroundings of the hole, the other the
/// whole picture (Yu et al., 2018, section 3.1).
package final class CriticPair: Module {
  let local: Critic
  let global: Critic

  package init(_ configuration: DeepFillV1Configuration, initialization: Initialization) {
    local = Critic(
      configuration, size: configuration.localSize, lastChannels: configuration.hasNarrowLocalCritic ? 4 : 8,
      initialization: initialization["local"])
    global = Critic(
      configuration, size: configuration.pictureSize, lastChannels: 4, initialization: initialization["global"])
  }
}
