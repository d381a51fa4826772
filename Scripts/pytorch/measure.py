"""Times one model in PyTorch, in a process of its own so that its peak memory is its own, and prints a JSON object.

    python3 measure.py deepfill_v2 --batch 4 --size 256 --threads 4 --mode eager --steps 5 [--fill]
    python3 measure.py deepfill_v2 --describe

A model is a file in this folder with a class `Twin`:

    configuration     the package's configuration of the same model
    settings          what the package's side must change in it to do the same work (`--set` of `train`); `{steps}` is their
                      number
    networks          a dictionary of modules; entries are replaced by compiled ones
    step(images, holes)   one training step: images [n, 3, h, w] in -1...1, holes [n, 1, h, w], 1 where pixels are missing
    fill(images, holes)   the completed pictures
    is_sized          True if it is made for pictures of one size, which it takes as `size`
"""
import argparse
import importlib
import json
import resource
import time

import torch


def pictures(batch, size):
    """Noise with a hole in the middle: what is in pictures costs no time."""
    holes = torch.zeros(batch, 1, size, size)
    holes[:, :, size // 4:3 * size // 4, size // 4:3 * size // 4] = 1
    return torch.rand(batch, 3, size, size) * 2 - 1, holes


def twin_of(model, size):
    kind = importlib.import_module(model).Twin
    return kind(size=size) if getattr(kind, "is_sized", False) else kind()


def seconds_of(body, count, warm_up=2):
    times = []
    for _ in range(warm_up + count):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    return times[warm_up:]


def prepare(twin, mode, *tensors):
    """Puts the networks into a mode, and returns the tensors as it wants them."""
    if mode == "channels_last":
        for network in twin.networks.values():
            network.to(memory_format=torch.channels_last)
        return [tensor.contiguous(memory_format=torch.channels_last) for tensor in tensors]
    if mode == "compile":
        for name, network in twin.networks.items():
            twin.networks[name] = torch.compile(network)
    return tensors


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("model")
    arguments.add_argument("--batch", type=int, default=4)
    arguments.add_argument("--size", type=int, default=256)
    arguments.add_argument("--threads", type=int, default=4)
    arguments.add_argument("--mode", choices=["eager", "channels_last", "compile"], default="eager")
    arguments.add_argument("--steps", type=int, default=5)
    arguments.add_argument("--fill", action="store_true", help="time filling one picture, not training")
    arguments.add_argument("--describe", action="store_true", help="print what the package's side needs to know")
    options = arguments.parse_args()

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    twin = twin_of(options.model, options.size)
    if options.describe:
        print(json.dumps({"configuration": twin.configuration, "settings": twin.settings}))
        return
    images, holes = prepare(twin, options.mode, *pictures(1 if options.fill else options.batch, options.size))
    if options.fill:
        with torch.inference_mode():
            seconds = seconds_of(lambda: twin.fill(images, holes), options.steps)
    else:
        seconds = seconds_of(lambda: twin.step(images, holes), options.steps)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    print(json.dumps({"seconds": seconds, "peak_bytes": peak, "version": torch.__version__}))


if __name__ == "__main__":
    main()
