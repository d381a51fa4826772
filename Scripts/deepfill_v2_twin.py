"""DeepFill v2 in plain PyTorch: the twin that the scripts beside it compare the package with.

Written from the papers' tables alone, in NCHW and OIHW; it shares nothing with the package: agreement means that both read
the tables in the same way. Weights and pictures come from an integer hash of a name and an index, which any program can
compute, so that no weights have to be stored.
"""
import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


# Numbers that need no file -------------------------------------------------------------------------------------------

def noise(name, count):
    """Uniform in [-1, 1): the finaliser `lowbias32` over index * 2654435769 + FNV-1a(name)."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = (np.arange(count, dtype=np.uint64) * 2654435769 + seed) & 0xFFFFFFFF
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        x = ((x ^ (x >> np.uint64(shift))) * factor) & 0xFFFFFFFF
    return torch.from_numpy(x.astype(np.float64) / 2**31 - 1)


def weight(name, inputs, outputs, kernel):
    """Made as [kernel, kernel, inputs, outputs], with variance 2.3^2 / fan in; returned as OIHW."""
    fan = inputs * kernel * kernel
    values = noise(name, fan * outputs) * (3**0.5 * 2.3 / fan**0.5)
    return values.reshape(kernel, kernel, inputs, outputs).permute(3, 2, 0, 1).contiguous().requires_grad_()


def bias(name, outputs):
    return (noise(name, outputs) * 0.1).requires_grad_()


# Layers --------------------------------------------------------------------------------------------------------------

def pad_same(x, kernel, stride, dilation):
    def sides(size):
        total = max((-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
        return [total // 2, total - total // 2]
    return F.pad(x, sides(x.shape[3]) + sides(x.shape[2]))


def pad_symmetric(x, kernel, stride, dilation):
    return F.pad(x, [dilation * (kernel - 1) // 2] * 4)


def align_corners(x, size):
    def indices(old, new):
        scale = np.float32(old - 1) / np.float32(max(new - 1, 1))
        return [min(old - 1, int(np.floor(np.float32(i) * scale + np.float32(0.5)))) for i in range(new)]
    return x[:, :, indices(x.shape[2], size[0])][:, :, :, indices(x.shape[3], size[1])]


def attention(features, hole, downsample, fuse):
    n, c, height, width = features.shape
    h, w = height // 2, width // 2
    small = downsample(features, (h, w))
    flat = F.unfold(small, 3, padding=1)                                                  # n, 9c, L
    known = (F.unfold(hole, 3, padding=1).amax(1) == 0).double()                          # n, L
    outputs = []
    for i in range(n):
        keys = flat[i].T.reshape(-1, c, 3, 3)
        keys = keys / keys.flatten(1).norm(dim=1).clamp_min(1e-4)[:, None, None, None]
        scores = F.conv2d(small[i:i + 1], keys, padding=1)                                # 1, L (background), h, w
        if fuse:
            eye = torch.eye(3)[None, None]
            s = scores.reshape(1, h * w, h * w).permute(0, 2, 1)[:, None]                 # foreground, background
            s = F.conv2d(s, eye, padding=1).reshape(1, h, w, h, w).permute(0, 2, 1, 4, 3)
            s = F.conv2d(s.reshape(1, 1, h * w, h * w), eye, padding=1).reshape(1, w, h, w, h)
            scores = s.permute(0, 2, 1, 4, 3).reshape(1, h * w, h * w).permute(0, 2, 1).reshape(1, h * w, h, w)
        flags = known[i if hole.shape[0] > 1 else 0][None, :, None, None]
        weights = torch.softmax(10 * scores * flags, 1) * flags
        raw = F.unfold(features[i:i + 1], 4, padding=1, stride=2)[0].T.reshape(-1, c, 4, 4)
        outputs.append(F.conv_transpose2d(weights, raw, stride=2, padding=1) / 4)
    return torch.cat(outputs)


# DeepFill v2 ---------------------------------------------------------------------------------------------------------

class Network:
    """Named parameters in the order in which they are asked for, and the layers on them; `seed` makes them others."""

    def __init__(self, padding, seed=""):
        self.parameters, self.padding, self.seed = {}, padding, seed

    def convolution(self, x, name, outputs, kernel=3, stride=1, dilation=1, scale=lambda name, w: w):
        if name + ".weight" not in self.parameters:
            seeded = self.seed + name
            self.parameters[name + ".weight"] = weight(seeded + ".weight", x.shape[1], outputs, kernel)
            self.parameters[name + ".bias"] = bias(seeded + ".bias", outputs)
        w = scale(name, self.parameters[name + ".weight"])
        padded = self.padding(x, kernel, stride, dilation)
        return F.conv2d(padded, w, self.parameters[name + ".bias"], stride=stride, dilation=dilation)

    def gated(self, x, name, outputs, kernel=3, stride=1, dilation=1, activation=F.elu, up=False):
        if up:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        y = self.convolution(x, name, 2 * outputs, kernel, stride, dilation)
        return activation(y[:, :outputs]) * torch.sigmoid(y[:, outputs:])


class Variant:
    """A whole model with pictures to fill. `two_steps`: holes come to an eighth of their size by way of a quarter."""

    def __init__(self, name, symmetric=False, fuse=True, guided=False, shared_hole=False, size=(32, 32), width=8,
                 discriminator_width=4, two_steps=True, seed=""):
        self.name, self.symmetric, self.fuse, self.guided = name, symmetric, fuse, guided
        self.shared_hole, self.size, self.width, self.discriminator_width = shared_hole, size, width, discriminator_width
        padding = pad_symmetric if symmetric else pad_same
        self.generator, self.discriminator, self.u = Network(padding, seed), Network(padding, seed), {}
        self.seed, self.steps = seed, [4, 8] if two_steps and not symmetric else [8]
        height, width = size
        self.images = noise(seed + "images", 2 * height * width * 3).reshape(2, height, width, 3).permute(0, 3, 1, 2)
        self.holes = torch.zeros(1 if shared_hole else 2, 1, height, width)
        self.holes[0, :, height // 4:3 * height // 4, width // 8:5 * width // 8] = 1
        if not shared_hole:
            self.holes[1, :, :height // 2, width // 2:] = 1
        edges = noise("guidance", 2 * height * width).reshape(2, 1, height, width) > 0.7
        self.edges = edges.double() * self.holes

    def downsample(self, x, size):
        return x[:, :, ::x.shape[2] // size[0], ::x.shape[3] // size[1]] if self.symmetric else align_corners(x, size)

    def decoder(self, x, name, first):
        g, w = self.generator.gated, self.width
        for index, (outputs, up) in enumerate(
                [(2 * w, False), (2 * w, False), (w, True), (w, False), (w // 2, True), (w // 4, False)]):
            x = g(x, f"{name}{first + index}", outputs, up=up)
        return torch.tanh(self.generator.convolution(x, f"{name}{first + 6}", 3))

    def branch(self, x, name, widths, dilations, last=F.elu):
        for index, (outputs, dilation) in enumerate(zip(widths, dilations)):
            x = self.generator.gated(
                x, f"{name}{index + 1}", outputs, kernel=5 if index == 0 else 3, stride=2 if index in (1, 3) else 1,
                dilation=dilation, activation=last if index == len(widths) - 1 else F.elu)
        return x

    def generate(self):
        w, (height, width) = self.width, self.size
        known = self.images * (1 - self.holes)
        holes = self.holes.expand(2, -1, -1, -1)
        parts = [known] + ([self.edges] if self.guided else []) + [torch.ones_like(holes), holes]
        x = self.branch(torch.cat(parts, 1), "coarse.conv", [w // 2, w, w] + 7 * [2 * w], [1] * 6 + [2, 4, 8, 16])
        coarse = self.decoder(x, "coarse.conv", 11)
        composite = coarse * self.holes + known
        name = "refinement."
        far = self.branch(
            composite, name + "xconv", [w // 2, w // 2, w, w] + 6 * [2 * w], [1] * 6 + [2, 4, 8, 16])
        features = self.branch(
            composite, name + "pmconv", [w // 2, w // 2, w] + 3 * [2 * w], [1] * 6, last=F.relu)
        hole = self.holes
        for divisor in self.steps:
            hole = self.downsample(hole, (height // divisor, width // divisor))
        self.attended = attention(features, hole, self.downsample, self.fuse)
        borrowed = self.attended
        for index in (9, 10):
            borrowed = self.generator.gated(borrowed, f"{name}pmconv{index}", 2 * w)
        refined = self.decoder(torch.cat([far, borrowed], 1), name + "allconv", 11)
        return coarse, refined, refined * self.holes + known

    def normalised(self, name, w):
        """Spectral norm as in the authors' code: W is [kernel * kernel * inputs, outputs]."""
        matrix = w.permute(2, 3, 1, 0).reshape(-1, w.shape[0])
        u = self.u.get(name)
        if u is None:
            u = noise(self.seed + name + ".spectralNorm.u", w.shape[0])[None]
        unit = lambda x: x / (x.norm() + 1e-12)
        v = unit(u @ matrix.T)
        u = unit(v @ matrix)
        self.u[name] = u.detach()
        return w / (v @ matrix @ u.T)

    def judge(self, pictures):
        count = pictures.shape[0]
        conditions = [self.holes] + ([self.edges] if self.guided else [])
        x = torch.cat([pictures] + [c.repeat(count // c.shape[0], 1, 1, 1) for c in conditions], 1)
        d = self.discriminator_width
        for index, outputs in enumerate([d, 2 * d, 4 * d, 4 * d, 4 * d, 4 * d]):
            x = self.discriminator.convolution(x, f"conv{index + 1}", outputs, 5, 2, scale=self.normalised)
            x = F.leaky_relu(x, 0.2)
        return x

    def step(self):
        coarse, refined, completed = self.generate()
        scores = self.judge(torch.cat([self.images, completed.detach()]))
        real, fake = scores.chunk(2)
        d_loss = 0.5 * F.relu(1 - real).mean() + 0.5 * F.relu(1 + fake).mean()
        d_slopes = torch.autograd.grad(d_loss, list(self.discriminator.parameters.values()))
        adversarial = -self.judge(completed).mean()
        errors = [(picture - self.images).abs().mean() for picture in (coarse, refined)]
        g_loss = adversarial + errors[0] + errors[1]
        g_slopes = torch.autograd.grad(g_loss, list(self.generator.parameters.values()))
        terms = {
            "discriminator": d_loss, "real_score": real.mean(), "fake_score": fake.mean(), "generator": g_loss,
            "adversarial": adversarial, "coarse": errors[0], "refined": errors[1]}
        return coarse, refined, d_slopes, g_slopes, {name: term.item() for name, term in terms.items()}
