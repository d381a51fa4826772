import ArgumentParser
import Imaging

/// The way in which a network's prediction is put into a hole.
package struct PasteOptions: ParsableArguments {
  @Option(
    name: .customLong("paste"),
    help: """
      plain (the default) puts the network's prediction into the hole as it is; seamless corrects it by what it is off \
      around the hole, carried smoothly inwards.
      """)
  package var pasting: Pasting?

  package init() {}
}

extension Pasting: ExpressibleByArgument {}
