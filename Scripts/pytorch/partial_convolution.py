"""Partial convolutions (Liu et al., 2018) in plain PyTorch, written from the paper's equations and tables, in NCHW and
OIHW.

The package's network is compared with this one. Parameters have the names that the package's checkpoints give them. The
interface that `measure.py` times is described there.
"""
import torch
import torch.nn.functional as F
from torch import nn


class PartialConvolution(nn.Conv2d):
    """Of features and, for each group of channels, a plane that is 1 where they are known."""

    def forward(self, x, groups):
        planes = sum(channels * known for channels, known in groups)
        with torch.no_grad():
            sums = F.conv2d(planes, torch.ones_like(self.weight[:1, :1]), None, self.stride, self.padding)
            known = (sums > 0).to(x.dtype)
            factor = self.weight[0].numel() * known / sums.clamp_min(1)
        y = F.conv2d(x, self.weight, None, self.stride, self.padding) * factor
        return (y if self.bias is None else (y + self.bias[None, :, None, None]) * known), known


class Block(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, bias, is_normalized, activation):
        super().__init__()
        self.convolution = PartialConvolution(inputs, outputs, kernel, stride, kernel // 2, bias=bias)
        nn.init.kaiming_normal_(self.convolution.weight)
        self.normalization = nn.BatchNorm2d(outputs) if is_normalized else nn.Identity()
        self.activation = activation

    def forward(self, x, groups):
        x, known = self.convolution(x, groups)
        return self.activation(self.normalization(x)), known


class Generator(nn.Module):
    def __init__(self, width, levels):
        super().__init__()
        channels = [3] + [width * min(2**level, 8) for level in range(levels)]
        kernels = [7, 5, 5] + [3] * levels
        self.encoder = nn.ModuleList(
            Block(channels[i], channels[i + 1], kernels[i], 2, False, i > 0, F.relu) for i in range(levels))
        self.decoder = nn.ModuleList(
            Block(channels[i + 1] + channels[i], channels[i], 3, 1, i == 0, i > 0,
                  nn.Identity() if i == 0 else nn.LeakyReLU(0.2)) for i in range(levels))

    def forward(self, images, holes):
        known = (1 - holes).expand(images.shape[0], -1, -1, -1)
        skipped = [(images, known)]
        for block in self.encoder:
            x, known = skipped[-1]
            skipped.append(block(x * known, [(x.shape[1], known)]))
        x, known = skipped.pop()
        for block, (skip, skip_known) in zip(reversed(self.decoder), reversed(skipped)):
            groups = [(x.shape[1], F.interpolate(known, scale_factor=2)), (skip.shape[1], skip_known)]
            both = torch.cat([F.interpolate(x * known, scale_factor=2), skip * skip_known], 1)
            x, known = block(both, groups)
        return x


class Twin:
    """The model, what its network minimizes, and a training step."""

    configuration = "partial_convolution.json"
    # VGG16's weights would have to be fetched: the terms that need them are left out on both sides. Of the phases the first
    # is compared.
    settings = ["losses.perceptual=0", "losses.style=0", "training.phases=null"]

    def __init__(self, width=64, levels=7, features=None, perceptual=0.05, style=120):
        self.networks = {"generator": Generator(width, levels)}
        self.features, self.perceptual, self.style = features, perceptual, style
        self.optimizer = torch.optim.Adam(self.networks["generator"].parameters(), 2e-4)

    def complete(self, images, holes):
        output = self.networks["generator"](images, holes)
        return output, output * holes + images * (1 - holes)

    def loss(self, images, holes, output, completed):
        """The sum, and its terms before they are weighted."""
        region = F.max_pool2d(holes, 3, 1, 1)
        terms = {
            "valid": ((output - images) * (1 - holes)).abs().mean(),
            "hole": ((output - images) * holes).abs().mean(),
            "total_variation": self.variation(completed, region, 3) + self.variation(completed, region, 2),
        }
        weights = {"valid": 1, "hole": 6, "total_variation": 0.1}
        if self.features:
            expected, raw, filled = (self.features(x) for x in (images, output, completed))
            grams = [[self.gram(x) for x in maps] for maps in (expected, raw, filled)]
            terms["perceptual"] = self.distance(raw, expected) + self.distance(filled, expected)
            terms["style_output"] = self.distance(grams[1], grams[0])
            terms["style_completed"] = self.distance(grams[2], grams[0])
            weights |= {"perceptual": self.perceptual, "style_output": self.style, "style_completed": self.style}
        return sum(weights[name] * term for name, term in terms.items()), terms

    @staticmethod
    def variation(x, region, axis):
        count = x.shape[axis] - 1
        pairs = region.narrow(axis, 0, count) * region.narrow(axis, 1, count)
        return ((x.narrow(axis, 1, count) - x.narrow(axis, 0, count)).abs() * pairs).mean()

    @staticmethod
    def gram(x):
        rows = x.flatten(2)
        return rows @ rows.transpose(1, 2) / x[0].numel()

    @staticmethod
    def distance(maps, expected):
        return sum((x - y).abs().mean() for x, y in zip(maps, expected))

    def step(self, images, holes):
        output, completed = self.complete(images, holes)
        self.optimizer.zero_grad()
        self.loss(images, holes, output, completed)[0].backward()
        self.optimizer.step()

    def fill(self, images, holes):
        self.networks["generator"].eval()
        return self.complete(images, holes)[1].clamp(-1, 1)
