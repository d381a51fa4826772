import Support

/// The factory of Shift-Net's shift connection, on the way from the encoder to the decoder.
package struct ShiftFactory: AttentionFactory {
  package static let usualPart = GeneratorPart.skip
  package static let isPorted = false

  private let options: ShiftLayer.Options

  package init(_ reader: ConfigurationReader, featureSize: Int) throws { options = try ShiftLayer.Options(reader) }

  package func problem(at site: AttentionSite) -> String? {
    guard site.part == .skip, site.isAdded else {
      return "it compares what the decoder made with what skips to it, so it is for the skips of the DeepFills"
    }
    return ShiftLayer.problem(options: options)
  }

  package func make(_ context: AttentionContext) -> PlacedAttention { .shift(ShiftLayer(options: options)) }

  /// The encoder's features and the shifted ones.
  package func addedChannels(at site: AttentionSite) -> Int { 2 * site.channels }
}
