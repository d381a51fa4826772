"""Times filling one picture with a model that PyTorch exported to ONNX, and prints a JSON object.

    python3 measure_exported.py deepfill_v2 --export FILE.onnx --size 256
    python3 measure_exported.py deepfill_v2 --runtime onnx --file FILE.onnx --size 256 --threads 4 --steps 10

`--runtime openvino` runs the same file in OpenVINO, in 32-bit floating point as everything else here.
"""
import argparse
import importlib
import json
import resource

import torch

from measure import pictures, seconds_of


def export(model, size, path):
    """One picture at a size that is fixed, which leaves a runtime the most to optimize."""
    class Filling(torch.nn.Module):
        def __init__(self):
            super().__init__()
            twin = importlib.import_module(model).Twin()
            self.networks, self.twin = torch.nn.ModuleDict(twin.networks), twin

        def forward(self, images, holes):
            return self.twin.fill(images, holes)

    torch.onnx.export(
        Filling().eval(), pictures(1, size), path, input_names=["images", "holes"], output_names=["completed"],
        opset_version=18, dynamo=True, external_data=False)


def onnx(path, threads, inputs):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return (lambda: session.run(None, inputs)[0]), onnxruntime.__version__


def openvino(path, threads, inputs):
    import openvino
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(path), "CPU", {
        "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    return (lambda: request.infer(inputs)[compiled.output(0)]), openvino.__version__


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("model")
    arguments.add_argument("--size", type=int, default=256)
    arguments.add_argument("--threads", type=int, default=4)
    arguments.add_argument("--steps", type=int, default=10)
    arguments.add_argument("--export", metavar="FILE")
    arguments.add_argument("--runtime", choices=["onnx", "openvino"])
    arguments.add_argument("--file")
    options = arguments.parse_args()

    torch.manual_seed(0)
    if options.export:
        export(options.model, options.size, options.export)
        return
    inputs = dict(zip(["images", "holes"], (tensor.numpy() for tensor in pictures(1, options.size))))
    fill, version = {"onnx": onnx, "openvino": openvino}[options.runtime](options.file, options.threads, inputs)
    seconds = seconds_of(fill, options.steps)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    print(json.dumps({"seconds": seconds, "peak_bytes": peak, "version": version}))


if __name__ == "__main__":
    main()
