"""The second stage of inpainting with semantic guidance in plain PyTorch: SPADE blocks (Park et al., 2019) on the features of
the first stage, and a discriminator of two scales, written from the tables of their layers.

Parameters have the names that the package's checkpoints give them. The interface that `measure.py` times is described
there.
"""
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import spectral_norm

import semantic_guidance
from semantic_guidance import hinge


class SPADE(nn.Module):
    def __init__(self, channels, maps, hidden):
        super().__init__()
        self.shared = nn.Conv2d(maps, hidden, 3, padding=1)
        self.gamma, self.beta = (nn.Conv2d(hidden, channels, 3, padding=1) for _ in range(2))

    def forward(self, x, plane):
        activated = F.relu(self.shared(plane))
        return F.instance_norm(x) * (1 + self.gamma(activated)) + self.beta(activated)


class Block(nn.Module):
    def __init__(self, inputs, outputs, maps, hidden):
        super().__init__()
        middle = min(inputs, outputs)
        self.norm0, self.norm1 = SPADE(inputs, maps, hidden), SPADE(middle, maps, hidden)
        self.conv0 = spectral_norm(nn.Conv2d(inputs, middle, 3, padding=1))
        self.conv1 = spectral_norm(nn.Conv2d(middle, outputs, 3, padding=1))
        self.is_resized = inputs != outputs
        if self.is_resized:
            self.shortcutNorm = SPADE(inputs, maps, hidden)
            self.shortcut = spectral_norm(nn.Conv2d(inputs, outputs, 1, bias=False))

    def forward(self, x, plane):
        y = self.conv0(F.leaky_relu(self.norm0(x, plane), 0.2))
        y = self.conv1(F.leaky_relu(self.norm1(y, plane), 0.2))
        return y + (self.shortcut(self.shortcutNorm(x, plane)) if self.is_resized else x)


class Decoder(nn.Module):
    def __init__(self, channels, maps, hidden):
        super().__init__()
        widths = [channels, channels, channels, channels // 2, channels // 4]
        for number in range(1, 5):
            self.add_module(f"block{number}", Block(widths[number - 1], widths[number], maps, hidden))
        self.output = nn.Conv2d(channels // 4, 3, 3, padding=1)

    def forward(self, x, plane):
        quarter, half = plane[:, :, ::4, ::4], plane[:, :, ::2, ::2]
        x = F.interpolate(self.block2(self.block1(x, quarter), quarter), scale_factor=2)
        x = F.interpolate(self.block3(x, half), scale_factor=2)
        return torch.tanh(self.output(F.leaky_relu(self.block4(x, plane), 0.2)))


class Scale(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 4, 2, 2)
        for number, stride in ((2, 2), (3, 2), (4, 1)):
            narrow = width * 2**(number - 2)
            self.add_module(f"conv{number}", spectral_norm(nn.Conv2d(narrow, 2 * narrow, 4, stride, 2, bias=False)))
        self.score = nn.Conv2d(8 * width, 1, 4, 1, 2)

    def forward(self, x):
        features = [F.leaky_relu(self.conv1(x), 0.2)]
        for layer in (self.conv2, self.conv3, self.conv4):
            features.append(F.leaky_relu(F.instance_norm(layer(features[-1])), 0.2))
        return [*features, self.score(features[-1])]


class Discriminator(nn.Module):
    def __init__(self, maps, width):
        super().__init__()
        self.scales = nn.ModuleList(Scale(maps + 3, width) for _ in range(2))

    def forward(self, pictures, plane):
        x = torch.cat([plane, pictures], 1)
        return [self.scales[0](x), self.scales[1](F.avg_pool2d(x, 3, 2, 1, count_include_pad=False))]


class Twin(semantic_guidance.Twin):
    """The model, and a training step of the second stage with the first one frozen."""

    settings = ['training.phases=[{"phase":"second_stage","steps":{steps}}]']

    def __init__(self, width=32, hidden=128, decoder_discriminator_width=64, **others):
        super().__init__(width, **others)
        self.networks["decoder"] = Decoder(4 * width, self.classes + 1, hidden)
        self.networks["decoder_discriminator"] = Discriminator(self.classes + 1, decoder_discriminator_width)
        for name, rate in (("decoder", 1e-4), ("decoder_discriminator", 4e-4)):
            self.optimizers[name] = torch.optim.Adam(self.networks[name].parameters(), rate, (0.0, 0.9))
        self.decoder_average = [parameter.detach().clone() for parameter in self.networks["decoder"].parameters()]

    def predicted(self, images, holes):
        """The features, and the predicted classes with the hole."""
        generator = self.networks["generator"]
        with torch.no_grad():
            _, features = generator(images, holes)
            classes = generator.labelHead(features).argmax(1)
        return features, F.one_hot(classes, self.classes).permute(0, 3, 1, 2).to(images.dtype)

    def step(self, images, holes):
        features, predicted = self.predicted(images, holes)
        truth = F.one_hot(self.labels(images), self.classes).permute(0, 3, 1, 2).to(images.dtype)
        requested = holes * (torch.rand(len(images), 1, 1, 1) >= 0.3)
        plane = torch.cat([truth * requested + predicted * (1 - requested), holes], 1)
        fine = self.networks["decoder"](features, plane)
        completed = fine * holes + images * (1 - holes)
        discriminator = self.networks["decoder_discriminator"]
        scores = [
            scale[-1].chunk(2) for scale in discriminator(torch.cat([images, completed.detach()]), plane.repeat(2, 1, 1, 1))]
        self.update("decoder_discriminator", sum(hinge(*pair) for pair in scores) / 2)
        discriminator.requires_grad_(False)
        judged = discriminator(completed, plane)
        with torch.no_grad():
            expected = discriminator(images, plane)
        loss = (fine - images).abs().mean()
        for found, real in zip(judged, expected):
            loss = loss - found[-1].mean() / 2
            loss = loss + 10 * sum(F.l1_loss(x, y) for x, y in zip(found[:-1], real[:-1])) / 2
        self.update("decoder", loss)
        discriminator.requires_grad_(True)
        self.follow("decoder", self.decoder_average)

    def fill(self, images, holes):
        features, predicted = self.predicted(images, holes)
        fine = self.networks["decoder"](features, torch.cat([predicted, holes], 1))
        return fine * holes + images * (1 - holes)
