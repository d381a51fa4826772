"""DeepFill v1 (Yu et al., 2018) in plain PyTorch, written from the paper's tables, in NCHW and OIHW.

The package's speed is compared with this by `compare_with_pytorch`. Parameters have the names that the package's
checkpoints give them. The interface that `measure.py` times is described there.
"""
import torch
import torch.nn.functional as F
from torch import nn

from deepfill_v2 import Attention, Convolution, align_corners, first_of_group


class Layer(Convolution):
    """activation(convolution), of the enlarged picture if that is asked for."""

    def __init__(self, inputs, outputs, activation=F.elu, up=False, **options):
        super().__init__(inputs, outputs, **options)
        self.activation, self.up = activation, up

    def forward(self, x):
        if self.up:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        return self.activation(super().forward(x))


class Stage(nn.Module):
    """What both stages of the generator are made of; layers have the authors' names."""

    def add_branch(self, name, widths, symmetric, last=F.elu):
        """An encoder: 5x5 first, the second and fourth layer halve the picture, the seventh and later ones see far."""
        inputs = 5
        for index, outputs in enumerate(widths):
            self.add_module(f"{name}{index + 1}", Layer(
                inputs, outputs, kernel=5 if index == 0 else 3, stride=2 if index in (1, 3) else 1,
                dilation=2 ** max(0, index - 5), symmetric=symmetric,
                activation=last if index == len(widths) - 1 else F.elu))
            inputs = outputs

    def add_decoder(self, name, inputs, width, symmetric):
        layers = [(4 * width, False), (4 * width, False), (2 * width, True), (2 * width, False), (width, True),
                  (width // 2, False)]
        for index, (outputs, up) in enumerate(layers):
            self.add_module(f"{name}{index + 11}", Layer(inputs, outputs, symmetric=symmetric, up=up))
            inputs = outputs
        self.add_module(f"{name}17", Convolution(inputs, 3, symmetric=symmetric))

    def through(self, x, name, numbers):
        for number in numbers:
            x = self.get_submodule(f"{name}{number}")(x)
        return x


class Coarse(Stage):
    def __init__(self, width, symmetric):
        super().__init__()
        self.add_branch("conv", [width, 2 * width, 2 * width] + 7 * [4 * width], symmetric)
        self.add_decoder("conv", 4 * width, width, symmetric)

    def forward(self, x):
        return self.through(x, "conv", range(1, 18)).clamp(-1, 1)


class Refinement(Stage):
    def __init__(self, width, fuse, downsample, symmetric):
        super().__init__()
        self.add_branch("xconv", [width, width, 2 * width, 2 * width] + 6 * [4 * width], symmetric)
        self.add_branch("pmconv", [width, width, 2 * width] + 3 * [4 * width], symmetric, last=F.relu)
        self.attention = Attention(fuse, downsample)
        for number in (9, 10):
            self.add_module(f"pmconv{number}", Layer(4 * width, 4 * width, symmetric=symmetric))
        self.add_decoder("allconv", 8 * width, width, symmetric)

    def forward(self, x, hole):
        far = self.through(x, "xconv", range(1, 11))
        borrowed = self.attention(self.through(x, "pmconv", range(1, 7)), hole)
        both = torch.cat([far, self.through(borrowed, "pmconv", (9, 10))], 1)
        return self.through(both, "allconv", range(11, 18)).clamp(-1, 1)


class Generator(nn.Module):
    """Both stages' pictures, of the whole pictures and their holes ([n or 1, 1, height, width])."""

    def __init__(self, width, symmetric, fuse):
        super().__init__()
        self.downsample = first_of_group if symmetric else align_corners
        self.divisors = [8] if symmetric else [4, 8]
        self.coarse = Coarse(width, symmetric)
        self.refinement = Refinement(width, fuse, self.downsample, symmetric)

    def forward(self, images, holes):
        known = images * (1 - holes)
        plane = holes.expand(images.shape[0], -1, -1, -1)
        maps = [torch.ones_like(plane), plane]
        coarse = self.coarse(torch.cat([known, *maps], 1))
        hole = holes
        for divisor in self.divisors:
            hole = self.downsample(hole, (images.shape[2] // divisor, images.shape[3] // divisor))
        return coarse, self.refinement(torch.cat([coarse * holes + known, *maps], 1), hole)


class Critic(nn.Module):
    """A score without a bound for each picture of one size."""

    def __init__(self, width, last, size, symmetric):
        super().__init__()
        inputs = 3
        for index, outputs in enumerate([width, 2 * width, 4 * width, last * width]):
            self.add_module(f"conv{index + 1}", Layer(
                inputs, outputs, kernel=5, stride=2, symmetric=symmetric, activation=lambda x: F.leaky_relu(x, 0.2)))
            inputs = outputs
        self.score = nn.Linear(inputs * (size // 16) ** 2, 1)

    def forward(self, x):
        x = self.conv4(self.conv3(self.conv2(self.conv1(x))))
        return self.score(x.flatten(1))[:, 0]


class Critics(nn.Module):
    def __init__(self, width, size, symmetric):
        super().__init__()
        self.add_module("local", Critic(width, 8, size // 2, symmetric))
        self.add_module("global", Critic(width, 4, size, symmetric))


def windows(holes, size):
    """The upper left corner of a square around each hole."""
    corners = []
    for hole in holes[:, 0]:
        corner = []
        for extent in (hole.amax(1), hole.amax(0)):
            places = extent.nonzero().flatten()
            start = (int(places[0]) + int(places[-1]) + 1 - size) // 2
            corner.append(min(max(0, start), len(extent) - size))
        corners.append(corner)
    return corners


def crop(pictures, corners, size):
    return torch.cat([
        picture[None, :, row:row + size, column:column + size] for picture, (row, column) in zip(pictures, corners)])


def discount(size, gamma=0.9):
    """What errors count for, less with each pixel from the nearest border."""
    places = torch.arange(size)
    distances = torch.minimum(places, size - places)
    return gamma ** torch.minimum(distances[:, None], distances[None]).to(torch.get_default_dtype())


class Twin:
    """The model, what its networks minimize, and a training step."""

    configuration = "deepfill_v1.json"
    # Where PyTorch does well too: padding that its convolutions do themselves.
    settings = ["model.padding=symmetric", "model.attention_length=floored"]
    # The critics are as large as their pictures.
    is_sized = True

    def __init__(self, width=32, critic_width=64, symmetric=True, fuse=True, size=256, critic_updates=5):
        self.local_size, self.critic_updates = size // 2, critic_updates
        self.discount = discount(self.local_size)
        self.networks = {
            "generator": Generator(width, symmetric, fuse), "critic": Critics(critic_width, size, symmetric)}
        self.optimizers = {
            name: torch.optim.Adam(network.parameters(), 1e-4, (0.5, 0.9)) for name, network in self.networks.items()
        }

    def complete(self, images, holes):
        coarse, refined = self.networks["generator"](images, holes)
        return coarse, refined, refined * holes + images * (1 - holes)

    def cropped(self, pictures, holes):
        return crop(pictures, windows(holes, self.local_size), self.local_size)

    @staticmethod
    def penalty(critic, real, fake, hole, mix):
        """How far the slopes at missing pixels are from 1, between real and completed pictures."""
        between = (real + mix * (fake - real)).requires_grad_()
        slope, = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
        norms = (slope.square() * hole).sum((1, 2, 3)).clamp_min(1e-16).sqrt()
        return (norms - 1).square().mean()

    def critic_loss(self, images, completed, holes, mixes):
        local = [self.cropped(x, holes) for x in (images, completed, holes)]
        total = 0
        for critic, (real, fake, hole), mix in zip(
                self.networks["critic"].children(), (local, (images, completed, holes)), mixes):
            scores = critic(torch.cat([real, fake])).chunk(2)
            total = total + scores[1].mean() - scores[0].mean() + 10 * self.penalty(critic, real, fake, hole, mix)
        return total

    def generator_loss(self, images, holes, coarse, refined, completed):
        local, whole = self.networks["critic"].children()
        known = 1 - holes
        total = -0.001 * (local(self.cropped(completed, holes)).mean() + whole(completed).mean())
        for picture, weight in ((coarse, 1.2), (refined, 1)):
            window = (self.cropped(images, holes) - self.cropped(picture, holes)).abs() * self.discount
            total = total + 1.2 * weight * window.mean()
            total = total + 1.2 * weight * ((images - picture).abs() * known).mean() / known.mean()
        return total

    def step(self, images, holes):
        """Five updates of the critics, each with a pass through the generator, then one of the generator."""
        for _ in range(self.critic_updates):
            with torch.no_grad():
                completed = self.complete(images, holes)[2]
            mixes = torch.rand(2, len(images), 1, 1, 1)
            self.update("critic", self.critic_loss(images, completed, holes, mixes))
        # The generator's loss needs no gradients of the critics' parameters.
        self.networks["critic"].requires_grad_(False)
        self.update("generator", self.generator_loss(images, holes, *self.complete(images, holes)))
        self.networks["critic"].requires_grad_(True)

    def update(self, name, loss):
        self.optimizers[name].zero_grad()
        loss.backward()
        self.optimizers[name].step()

    def fill(self, images, holes):
        return self.complete(images, holes)[2]
