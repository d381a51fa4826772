"""The first stage of inpainting with semantic guidance (Yu et al., 2022) in plain PyTorch, written from the table of its layers,
in NCHW and OIHW.

The package's speed is compared with this by `compare_with_pytorch`. Parameters have the names that the package's
checkpoints give them. The interface that `measure.py` times is described there.
"""
import torch
import torch.nn.functional as F
from torch import nn

from deepfill_v1 import Layer, Stage
from deepfill_v2 import Convolution


class Mixing(nn.Module):
    """A matrix that widens one axis, GELU, and one that narrows it again, for all else independently."""

    def __init__(self, length, factor):
        super().__init__()
        self.expansion = nn.Parameter(torch.randn(factor * length, length) / length**0.5)
        self.contraction = nn.Parameter(torch.randn(length, factor * length) / (factor * length)**0.5)

    def forward(self, x):
        return F.linear(F.gelu(F.linear(x, self.expansion)), self.contraction)


class ExternalSpatial(nn.Module):
    """A key mixes rows, a value mixes columns; neither depends on the picture."""

    def __init__(self, channels, side, factor=2):
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.key, self.value = Mixing(side, factor), Mixing(side, factor)

    def forward(self, x):
        x = self.norm(x.permute(0, 2, 3, 1))
        x = self.key(x.permute(0, 3, 2, 1))
        return self.value(x.transpose(2, 3))


class Block(nn.Module):
    """Known pixels come from the picture, missing ones from the features, before the attention and after it."""

    def __init__(self, channels, side):
        super().__init__()
        self.attention = ExternalSpatial(channels, side)
        self.context = nn.Conv2d(3, channels, 1, bias=False)

    def forward(self, x, pictures, holes):
        size = x.shape[2:]
        context = self.context(F.interpolate(pictures, size, mode="bilinear"))
        hole = F.interpolate(holes, size)
        return self.attention(x * hole + context * (1 - hole)) * hole + context * (1 - hole)


class LabelHead(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.conv1 = Layer(channels, channels)
        self.conv2 = Layer(channels, channels // 2, up=True)
        self.conv3 = Layer(channels // 2, channels // 2, up=True)
        self.score = nn.Conv2d(channels // 2, classes, 1)

    def forward(self, x):
        return self.score(self.conv3(self.conv2(self.conv1(x))))


class Generator(Stage):
    """The coarse pictures, and the features that they are made of."""

    def __init__(self, width, size, classes):
        super().__init__()
        self.coarse = Stage()
        self.coarse.add_branch("conv", [width, 2 * width, 2 * width] + 7 * [4 * width], True)
        self.coarse.add_decoder("conv", 4 * width, width, True)
        self.block = Block(4 * width, size // 4)
        self.labelHead = LabelHead(4 * width, classes)

    def forward(self, images, holes):
        known = images * (1 - holes)
        plane = holes.expand(images.shape[0], -1, -1, -1)
        encoded = self.coarse.through(torch.cat([known, torch.ones_like(plane), plane], 1), "conv", range(1, 7))
        both = self.coarse.through(encoded, "conv", range(7, 11)) + self.block(encoded, known, holes)
        features = self.coarse.through(both, "conv", (11, 12))
        return self.coarse.through(features, "conv", range(13, 18)).clamp(-1, 1), features


class Discriminator(nn.Module):
    def __init__(self, width):
        super().__init__()
        channels = [3, width, 2 * width, 4 * width, 8 * width]
        for number in range(1, 5):
            self.add_module(f"conv{number}", nn.Conv2d(channels[number - 1], channels[number], 4, 2, 1))
        self.score = nn.Conv2d(8 * width, 1, 4, 1, 1, bias=False)

    def forward(self, x):
        for layer in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = F.leaky_relu(F.instance_norm(layer(x)), 0.2)
        return self.score(F.pad(x, (1, 0, 1, 0)))


def hinge(real, fake):
    return (F.relu(1 - real).mean() + F.relu(1 + fake).mean()) / 2


class Twin:
    """The model, what its networks minimize, and a training step of the first stage."""

    configuration = "semantic_guidance.json"
    settings = ["training.phases=null"]
    # External spatial attention is made for one size.
    is_sized = True
    classes = 13

    def __init__(self, width=32, discriminator_width=64, size=256):
        self.networks = {
            "generator": Generator(width, size, self.classes), "discriminator": Discriminator(discriminator_width)}
        self.optimizers = {
            name: torch.optim.Adam(network.parameters(), 1e-4, (0.5, 0.999)) for name, network in self.networks.items()
        }
        self.average = [parameter.detach().clone() for parameter in self.networks["generator"].parameters()]

    def labels(self, images):
        return torch.randint(self.classes, (len(images), *images.shape[2:]))

    def step(self, images, holes):
        coarse, features = self.networks["generator"](images, holes)
        completed = coarse * holes + images * (1 - holes)
        discriminator = self.networks["discriminator"]
        self.update("discriminator", hinge(*discriminator(torch.cat([images, completed.detach()])).chunk(2)))
        discriminator.requires_grad_(False)
        errors = (coarse - images).abs()
        loss = 6 * (errors * holes).sum() / (3 * holes.sum()) + (errors * (1 - holes)).sum() / (3 * (1 - holes).sum())
        loss = loss - 0.1 * discriminator(completed).mean()
        scores = self.networks["generator"].labelHead(features)
        self.update("generator", loss + 0.5 * F.cross_entropy(scores, self.labels(images)))
        discriminator.requires_grad_(True)
        self.follow("generator", self.average)

    def update(self, name, loss):
        self.optimizers[name].zero_grad()
        loss.backward()
        self.optimizers[name].step()

    def follow(self, name, average, decay=0.999):
        """The moving average that both sides keep."""
        with torch.no_grad():
            torch._foreach_lerp_(average, list(self.networks[name].parameters()), 1 - decay)

    def fill(self, images, holes):
        coarse, _ = self.networks["generator"](images, holes)
        return coarse * holes + images * (1 - holes)
