"""What the scripts that make golden values share: numbers that need no file, and networks filled with them.

Weights and pictures come from an integer hash of a name and an index, which any program can compute, so that none have to
be stored.
"""
import numpy as np
import torch

import deepfill_v2


def noise(name, count):
    """Uniform in [-1, 1): the finaliser `lowbias32` over index * 2654435769 + FNV-1a(name)."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = (np.arange(count, dtype=np.uint64) * 2654435769 + seed) & 0xFFFFFFFF
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        x = ((x ^ (x >> np.uint64(shift))) * factor) & 0xFFFFFFFF
    return torch.from_numpy(x.astype(np.float64) / 2**31 - 1)


def weight(name, shape, gain=2.3):
    """Made as [kernel, kernel, inputs, outputs], with variance gain^2 / fan in; returned as OIHW."""
    outputs, inputs, height, width = shape
    fan = inputs * height * width
    values = noise(name, fan * outputs) * (3**0.5 * gain / fan**0.5)
    return values.reshape(height, width, inputs, outputs).permute(3, 2, 0, 1)


def make_noisy(network, gain=2.3, dense_shapes={}, seed=""):
    """Replaces every parameter and singular vector by noise of its name, after `seed`."""
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            shape, seeded = parameter.shape, seed + name
            if name.endswith("score.weight"):
                # A filter as large as the features, flattened.
                parameter.copy_(weight(seeded, dense_shapes[name], gain).reshape(shape))
                continue
            parameter.copy_(weight(seeded, shape, gain) if len(shape) == 4 else noise(seeded, shape[0]) * 0.1)
        for name, buffer in network.named_buffers():
            buffer.copy_(noise(seed + name.replace(".u", ".spectralNorm.u"), buffer.numel())[None])


class Variant:
    """DeepFill v2 full of noise, with two pictures to fill.

    `two_steps`: with TensorFlow's padding, holes come to an eighth of their size by way of a quarter.
    """

    def __init__(self, name, symmetric=False, fuse=True, guided=False, shared_hole=False, size=(32, 32), width=8,
                 discriminator_width=4, two_steps=True, seed=""):
        self.name, self.shared_hole, self.size = name, shared_hole, size
        self.twin = deepfill_v2.Twin(width, discriminator_width, symmetric, fuse, guided)
        self.generator, self.discriminator = self.twin.networks.values()
        if not two_steps:
            self.generator.divisors = [8]
        make_noisy(self.generator, seed=seed)
        make_noisy(self.discriminator, seed=seed)
        self.generator.refinement.attention.register_forward_hook(self.keep_attended)
        height, width = size
        self.images = noise(seed + "images", 2 * height * width * 3).reshape(2, height, width, 3).permute(0, 3, 1, 2)
        self.holes = torch.zeros(1 if shared_hole else 2, 1, height, width)
        self.holes[0, :, height // 4:3 * height // 4, width // 8:5 * width // 8] = 1
        if not shared_hole:
            self.holes[1, :, :height // 2, width // 2:] = 1
        edges = noise("guidance", 2 * height * width).reshape(2, 1, height, width) > 0.7
        self.edges = edges.double() * self.holes if guided else None
        self.conditions = [self.holes] + ([self.edges] if guided else [])

    def keep_attended(self, attention, inputs, output):
        self.attended = output

    def complete(self):
        return self.twin.complete(self.images, self.holes, self.edges)

    def step(self):
        coarse, refined, completed = self.complete()
        d_loss, real, fake = self.twin.discriminator_loss(self.images, completed, *self.conditions)
        d_slopes = torch.autograd.grad(d_loss, list(self.discriminator.parameters()))
        g_loss, g_terms = self.twin.generator_loss(self.images, coarse, refined, completed, *self.conditions)
        g_slopes = torch.autograd.grad(g_loss, list(self.generator.parameters()))
        terms = {
            "discriminator": d_loss, "real_score": real.mean(), "fake_score": fake.mean(), "generator": g_loss,
            "adversarial": g_terms[0], "coarse": g_terms[1], "refined": g_terms[2]}
        return coarse, refined, d_slopes, g_slopes, {name: term.item() for name, term in terms.items()}


def sampled(x, count=40):
    """Elements spread over a picture, by their index in NHWC order."""
    flat = x.permute(0, 2, 3, 1).reshape(-1)
    return [flat[(i * 7919) % len(flat)].item() for i in range(count)]
