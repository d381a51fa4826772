import ArgumentParser
import InpaintingModels

extension ColourOrder: ExpressibleByArgument {}
