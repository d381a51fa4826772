/// The classes whose objects people's checkpoints hold beside tensors: options, dates, paths, losses as NumPy's numbers.
///
/// Neither the classes nor what pickles want of them is ever imported, called or looked into: an object becomes its
/// class's name.
enum PyTorchPlaceholder {
  /// Modules that are all data.
  private static let modules: Set<String> = [
    "addict", "argparse", "datetime", "decimal", "easydict", "fractions", "munch", "numpy", "omegaconf", "pathlib",
    "uuid", "yacs", "zoneinfo",
  ]

  /// The name of each class in other modules.
  private static let classes: Set<String> = Set(
    builtins.flatMap { ["builtins." + $0, "__builtin__." + $0] } + types.map { "torch." + $0 }
      + [
        "collections.Counter", "collections.deque", "torch.device", "torch.layout", "torch.memory_format",
        "torch.strided", "torch.serialization._get_layout", "types.SimpleNamespace", "typing.Any",
        "torch._utils.torch.channels_last", "torch._utils.torch.contiguous_format",
        "torch._utils.torch.preserve_format",
      ])

  private static let builtins = [
    "Ellipsis", "NotImplemented", "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list",
    "long", "object", "range", "set", "slice", "str", "tuple", "unicode", "xrange",
  ]

  /// The types of elements.
  private static let types = [
    "bfloat16", "bits16", "bits1x8", "bits2x4", "bits4x2", "bits8", "bool", "complex128", "complex32", "complex64",
    "float16", "float32", "float4_e2m1fn_x2", "float64", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2",
    "float8_e5m2fnuz", "float8_e8m0fnu", "int16", "int32", "int64", "int8", "qint32", "qint8", "quint2x4", "quint4x2",
    "quint8", "uint16", "uint32", "uint64", "uint8",
  ]

  /// True if a class or function by this name is data without tensors.
  static func includes(module: String, name: String) -> Bool {
    modules.contains(String(module.prefix { $0 != "." })) || classes.contains(module + "." + name)
  }

  /// The noun for an object of the class: `argparse.Namespace`; NumPy's own names of functions say nothing to people.
  static func noun(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let module = parts.first, let last = parts.last else { return name }
    switch (module, last) {
    case ("numpy", "scalar"): return "a number of NumPy"
    case ("numpy", "_reconstruct"), ("numpy", "_frombuffer"): return "an array of NumPy"
    // Those of Python itself go by their plain name, and modules that only implement others by the others' names.
    case ("builtins", _), ("__builtin__", _): return String(last)
    case ("pathlib", _): return "pathlib.\(last)"
    case (_, "_get_layout"): return "torch.layout"
    case (_, "channels_last"), (_, "contiguous_format"), (_, "preserve_format"): return "torch.memory_format"
    default: return name
    }
  }
}
