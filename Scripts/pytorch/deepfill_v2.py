"""DeepFill v2 (Yu et al., 2019) in plain PyTorch, written from the paper's tables, in NCHW and OIHW.

The package's networks are compared with these: `make-golden-values` compares their numbers, `compare_with_pytorch` their
speed. Parameters have the names that the package's checkpoints give them. The interface that `measure.py` times is
described there.
"""
import torch
import torch.nn.functional as F
from torch import nn


def align_corners(x, size):
    """Nearest pixels such that the first and the last stay first and last."""
    def indices(old, new):
        scale = torch.tensor(old - 1, dtype=torch.float32) / max(new - 1, 1)
        return (torch.arange(new, dtype=torch.float32) * scale + 0.5).floor().long().clamp_max(old - 1)
    return x[:, :, indices(x.shape[2], size[0])][:, :, :, indices(x.shape[3], size[1])]


def first_of_group(x, size):
    return x[:, :, ::x.shape[2] // size[0], ::x.shape[3] // size[1]]


class Convolution(nn.Conv2d):
    """Padded symmetrically, or as TensorFlow's `SAME` does, which is the same unless there is a stride."""

    def __init__(self, inputs, outputs, kernel=3, stride=1, dilation=1, symmetric=True):
        self.pads_itself = stride > 1 and not symmetric
        padding = 0 if self.pads_itself else dilation * (kernel - 1) // 2
        super().__init__(inputs, outputs, kernel, stride, padding, dilation)

    def forward(self, x):
        return self.convolved(x, self.weight)

    def convolved(self, x, weight):
        if self.pads_itself:
            x = F.pad(x, self.sides(x.shape[3], 1) + self.sides(x.shape[2], 0))
        return F.conv2d(x, weight, self.bias, self.stride, self.padding, self.dilation)

    def sides(self, size, axis):
        stride, reach = self.stride[axis], self.dilation[axis] * (self.kernel_size[axis] - 1)
        total = max((-(-size // stride) - 1) * stride + reach + 1 - size, 0)
        return [total // 2, total - total // 2]


class Gated(Convolution):
    """activation(features) * sigmoid(gate), of one convolution with twice as many outputs."""

    def __init__(self, inputs, outputs, kernel=3, stride=1, dilation=1, symmetric=True, activation=F.elu, up=False):
        super().__init__(inputs, 2 * outputs, kernel, stride, dilation, symmetric)
        self.activation, self.up = activation, up

    def forward(self, x):
        if self.up:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        features, gate = super().forward(x).chunk(2, 1)
        return self.activation(features) * torch.sigmoid(gate)


class SpectralConvolution(Convolution):
    """Spectral normalization as in the authors' code, one power iteration a call: W is [kernel * kernel * inputs,
    outputs], and gradients flow through the singular vectors."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.register_buffer("u", torch.randn(1, self.out_channels))

    def forward(self, x):
        matrix = self.weight.permute(2, 3, 1, 0).reshape(-1, self.out_channels)
        v = self.unit(self.u @ matrix.T)
        u = self.unit(v @ matrix)
        self.u = u.detach()
        return self.convolved(x, self.weight / (v @ matrix @ u.T))

    @staticmethod
    def unit(x):
        return x / (x.norm() + 1e-12)


class Attention(nn.Module):
    """Every 4x4 patch in steps of 2 becomes a mixture of those outside the hole that look alike at half the size."""

    def __init__(self, fuse, downsample):
        super().__init__()
        self.fuse, self.downsample = fuse, downsample

    def forward(self, features, hole):
        batch, _, height, width = features.shape
        h, w = height // 2, width // 2
        windows = F.unfold(self.downsample(features, (h, w)), 3, padding=1)                 # n, 9c, places
        keys = windows / windows.norm(dim=1, keepdim=True).clamp_min(1e-4)
        scores = windows.transpose(1, 2) @ keys                                             # n, here, there
        if self.fuse:
            scores = self.transposed(self.fused(scores), h, w)
            scores = self.transposed(self.fused(scores), w, h)
        known = (F.unfold(hole, 3, padding=1).amax(1, keepdim=True) == 0).to(features.dtype)  # n or 1, 1, there
        weights = torch.softmax(10 * scores * known, 2) * known
        patches = F.unfold(features, 4, padding=1, stride=2)                                # n, 16c, there
        return F.fold(patches @ weights.transpose(1, 2), (height, width), 4, padding=1, stride=2) / 4

    @staticmethod
    def fused(scores):
        """Each score with those of both neighbors, in the picture and in the hole at once."""
        return F.conv2d(scores[:, None], torch.eye(3, dtype=scores.dtype)[None, None], padding=1)[:, 0]

    @staticmethod
    def transposed(scores, h, w):
        """Places counted by columns where they were counted by rows."""
        return scores.reshape(-1, h, w, h, w).permute(0, 2, 1, 4, 3).reshape(scores.shape)


class Stage(nn.Module):
    """What both stages of the generator are made of; layers have the authors' names."""

    def add_branch(self, name, inputs, widths, dilations, symmetric, last=F.elu):
        """An encoder: 5x5 first, the second and fourth layer halve the picture."""
        for index, (outputs, dilation) in enumerate(zip(widths, dilations)):
            self.add_module(f"{name}{index + 1}", Gated(
                inputs, outputs, kernel=5 if index == 0 else 3, stride=2 if index in (1, 3) else 1, dilation=dilation,
                symmetric=symmetric, activation=last if index == len(widths) - 1 else F.elu))
            inputs = outputs

    def add_decoder(self, name, inputs, width, symmetric):
        layers = [(2 * width, False), (2 * width, False), (width, True), (width, False), (width // 2, True),
                  (width // 4, False)]
        for index, (outputs, up) in enumerate(layers):
            self.add_module(f"{name}{index + 11}", Gated(inputs, outputs, symmetric=symmetric, up=up))
            inputs = outputs
        self.add_module(f"{name}17", Convolution(inputs, 3, symmetric=symmetric))

    def through(self, x, name, numbers):
        for number in numbers:
            x = self.get_submodule(f"{name}{number}")(x)
        return x


class Coarse(Stage):
    def __init__(self, width, inputs, symmetric):
        super().__init__()
        self.add_branch("conv", inputs, [width // 2, width, width] + 7 * [2 * width], [1] * 6 + [2, 4, 8, 16], symmetric)
        self.add_decoder("conv", 2 * width, width, symmetric)

    def forward(self, x):
        return torch.tanh(self.through(x, "conv", range(1, 18)))


class Refinement(Stage):
    def __init__(self, width, fuse, downsample, symmetric):
        super().__init__()
        self.add_branch(
            "xconv", 3, [width // 2, width // 2, width, width] + 6 * [2 * width], [1] * 6 + [2, 4, 8, 16], symmetric)
        self.add_branch(
            "pmconv", 3, [width // 2, width // 2, width] + 3 * [2 * width], [1] * 6, symmetric, last=F.relu)
        self.attention = Attention(fuse, downsample)
        for number in (9, 10):
            self.add_module(f"pmconv{number}", Gated(2 * width, 2 * width, symmetric=symmetric))
        self.add_decoder("allconv", 4 * width, width, symmetric)

    def forward(self, composite, hole):
        far = self.through(composite, "xconv", range(1, 11))
        borrowed = self.attention(self.through(composite, "pmconv", range(1, 7)), hole)
        both = torch.cat([far, self.through(borrowed, "pmconv", (9, 10))], 1)
        return torch.tanh(self.through(both, "allconv", range(11, 18)))


class Generator(nn.Module):
    """Both stages' pictures, of the whole pictures and their holes ([n or 1, 1, height, width])."""

    def __init__(self, width, symmetric, fuse, guided):
        super().__init__()
        self.downsample = first_of_group if symmetric else align_corners
        self.divisors = [8] if symmetric else [4, 8]
        self.coarse = Coarse(width, 6 if guided else 5, symmetric)
        self.refinement = Refinement(width, fuse, self.downsample, symmetric)

    def forward(self, images, holes, edges=None):
        known = images * (1 - holes)
        plane = holes.expand(images.shape[0], -1, -1, -1)
        guides = [] if edges is None else [edges]
        coarse = self.coarse(torch.cat([known, *guides, torch.ones_like(plane), plane], 1))
        hole = holes
        for divisor in self.divisors:
            hole = self.downsample(hole, (images.shape[2] // divisor, images.shape[3] // divisor))
        return coarse, self.refinement(coarse * holes + known, hole)


class Discriminator(nn.Module):
    def __init__(self, width, symmetric, guided):
        super().__init__()
        inputs = 5 if guided else 4
        for index, outputs in enumerate([width, 2 * width] + 4 * [4 * width]):
            self.add_module(f"conv{index + 1}", SpectralConvolution(inputs, outputs, 5, 2, symmetric=symmetric))
            inputs = outputs

    def forward(self, x):
        for layer in self.children():
            x = F.leaky_relu(layer(x), 0.2)
        return x


class Twin:
    """The model, what its networks minimize, and a training step."""

    configuration = "deepfill_v2.json"
    # Where PyTorch does well too: padding that its convolutions do themselves.
    settings = ["model.padding=symmetric"]

    def __init__(self, width=48, discriminator_width=64, symmetric=True, fuse=True, guided=False):
        self.networks = {
            "generator": Generator(width, symmetric, fuse, guided),
            "discriminator": Discriminator(discriminator_width, symmetric, guided),
        }
        self.optimizers = {
            name: torch.optim.Adam(network.parameters(), 1e-4, (0.5, 0.999)) for name, network in self.networks.items()
        }

    def complete(self, images, holes, edges=None):
        coarse, refined = self.networks["generator"](images, holes, edges)
        return coarse, refined, refined * holes + images * (1 - holes)

    def judge(self, pictures, *conditions):
        repeated = [c.repeat(pictures.shape[0] // c.shape[0], 1, 1, 1) for c in conditions]
        return self.networks["discriminator"](torch.cat([pictures, *repeated], 1))

    def discriminator_loss(self, images, completed, *conditions):
        """The hinge, and the scores of real and of completed pictures."""
        real, fake = self.judge(torch.cat([images, completed.detach()]), *conditions).chunk(2)
        return 0.5 * F.relu(1 - real).mean() + 0.5 * F.relu(1 + fake).mean(), real, fake

    def generator_loss(self, images, coarse, refined, completed, *conditions):
        """The sum, and its terms."""
        terms = [-self.judge(completed, *conditions).mean()]
        terms += [(picture - images).abs().mean() for picture in (coarse, refined)]
        return sum(terms), terms

    def step(self, images, holes):
        """One pass through the generator, then an update of each network."""
        coarse, refined, completed = self.complete(images, holes)
        self.update("discriminator", self.discriminator_loss(images, completed, holes)[0])
        # The generator's loss needs no gradients of the discriminator's parameters.
        self.networks["discriminator"].requires_grad_(False)
        self.update("generator", self.generator_loss(images, coarse, refined, completed, holes)[0])
        self.networks["discriminator"].requires_grad_(True)

    def update(self, name, loss):
        self.optimizers[name].zero_grad()
        loss.backward()
        self.optimizers[name].step()

    def fill(self, images, holes):
        return self.complete(images, holes)[2]
