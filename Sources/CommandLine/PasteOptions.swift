public import ArgumentParser
package import Imaging

/// The options of pasting a network's prediction into a hole.
package struct PasteOptions: ParsableArguments {
  @Option(
    name: .customLong("paste"),
    help: """
      plain (the default) puts the network's prediction into the hole as it is; seamless corrects it by what it is off \
      around the hole, carried smoothly inwards.
      """)
  package var pasting: Pasting?

  @Option(
    help: """
      Fine detail of patches of the known picture that is added to a network's smooth filling, from 0 (the default) to 1; 0.75 looks \
      like the picture around.
      """)
  package var detail: Double?

  package init() {}

  package func validate() throws {
    if let detail, !(0...1).contains(detail) {
      throw ValidationError("--detail: expected a number from 0 to 1, found \(detail).")
    }
  }
}

extension Pasting: ExpressibleByArgument {}
