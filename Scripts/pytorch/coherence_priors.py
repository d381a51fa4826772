"""Inpainting with coherence priors (Liao et al., 2021) in plain PyTorch, written from the package's tables of layers, in NCHW
and OIHW.

The package's speed is compared with this by `compare_with_pytorch`. Parameters have the names that the package's
checkpoints give them. The interface that `measure.py` times is described there.
"""
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import spectral_norm


def convolution(inputs, outputs, kernel=3, stride=1, dilation=1, bias=True):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2 * dilation, dilation, bias=bias)


def leaky(x):
    return F.leaky_relu(x, 0.2)


def normalized(x):
    return leaky(F.instance_norm(x))


class Entry(nn.Module):
    """A convolution, instance normalization and leaky ReLU."""

    def __init__(self, *sizes, **options):
        super().__init__()
        self.conv = convolution(*sizes, bias=False, **options)

    def forward(self, x):
        return normalized(self.conv(x))


def attend(x, classes, holes, scale=10):
    """Features at missing pixels from known ones of their class, from all known ones if the class has none."""
    height, width = x.shape[2:]
    patches = F.unfold(x, 3, padding=1).transpose(1, 2)
    patches = patches / patches.norm(dim=2, keepdim=True).clamp_min(1e-4)
    rows = x.flatten(2).transpose(1, 2)
    filled = []
    for sample in range(len(x)):
        missing = holes[sample].flatten() != 0
        queries, keys = missing.nonzero()[:, 0], (~missing).nonzero()[:, 0]
        if not len(queries) or not len(keys):
            filled.append(rows[sample])
            continue
        scores = scale * patches[sample, queries] @ patches[sample, keys].T
        if classes is not None:
            names = classes[sample].flatten()
            same = names[queries, None] == names[None, keys]
            scores = scores.masked_fill(~(same | ~same.any(1, keepdim=True)), -torch.inf)
        mixed = torch.softmax(scores, 1) @ rows[sample, keys]
        filled.append(rows[sample].index_copy(0, queries, mixed))
    return torch.stack(filled).transpose(1, 2).unflatten(2, (height, width))


def dilated(channels):
    return nn.ModuleList(convolution(channels, channels // 4, dilation=dilation) for dilation in (1, 2, 4, 8))


def side_by_side(groups, x):
    return torch.cat([F.relu(layer(x)) for layer in groups], 1)


class Context(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.groups, self.joining = dilated(channels), convolution(channels, channels, 1)

    def forward(self, x, holes):
        x = attend(x, None, holes)
        return x + self.joining(side_by_side(self.groups, x))


class Propagation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.groups, self.gamma = dilated(channels), nn.Parameter(torch.tensor(0.0))

    def forward(self, x, classes, holes):
        x = attend(x, classes, holes)
        return x + self.gamma * side_by_side(self.groups, x)


class Scale(nn.Module):
    """Features of the scale before and those that skip; a picture and scores of classes from the same features."""

    def __init__(self, channels, classes, deeper, propagates):
        super().__init__()
        self.is_deepest = deeper is None
        if not self.is_deepest:
            self.entry = Entry(deeper + channels, channels)
            self.residual1 = convolution(channels, channels, bias=False)
            self.residual2 = convolution(channels, channels, bias=False)
        self.labelHidden, self.labelScore = convolution(channels, channels), convolution(channels, classes, 1)
        self.pictureHidden, self.picture = convolution(channels, channels), convolution(channels, 3)
        self.propagation = Propagation(channels) if propagates else None

    def forward(self, x, skip, holes):
        if not self.is_deepest:
            x = self.entry(torch.cat([F.interpolate(x, scale_factor=2), skip], 1))
            x = x + F.instance_norm(self.residual2(normalized(self.residual1(x))))
        logits = self.labelScore(leaky(self.labelHidden(x)))
        pictures = torch.tanh(self.picture(leaky(self.pictureHidden(x))))
        if self.propagation:
            x = self.propagation(x, logits.argmax(1), holes)
        return x, pictures, logits


class Generator(nn.Module):
    """The pictures and scores of four scales, the deepest first."""

    def __init__(self, width, classes, propagated=(3, 2)):
        super().__init__()
        channels = [width // 2, width, 2 * width, 4 * width]
        self.encoder = nn.ModuleList(
            [Entry(4, channels[0], kernel=5)]
            + [Entry(channels[n - 1], channels[n], stride=2) for n in (1, 2, 3)] + [Entry(channels[3], channels[3])])
        self.context = Context(channels[3])
        self.scales = nn.ModuleList(
            Scale(channels[n], classes, None if n == 3 else channels[n + 1], n in propagated) for n in (3, 2, 1, 0))

    def forward(self, images, holes):
        skips = [torch.cat([images * (1 - holes), holes], 1)]
        for layer in self.encoder:
            skips.append(layer(skips[-1]))
        x = self.context(skips[5], F.max_pool2d(holes, 8))
        found = []
        for number, scale in enumerate(self.scales):
            divisor = 8 >> number
            x, pictures, logits = scale(x, skips[4 - number], F.max_pool2d(holes, divisor))
            found.append((pictures, logits))
        return found


class Critic(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        channels = [inputs, width, 2 * width, 4 * width, 8 * width, 1]
        self.convolutions = nn.ModuleList(
            spectral_norm(nn.Conv2d(channels[n], channels[n + 1], 4, 2 if n < 3 else 1, 1)) for n in range(5))

    def features(self, x):
        found = []
        for layer in self.convolutions[:4]:
            x = leaky(layer(x))
            found.append(x)
        return [*found, self.convolutions[4](x)]

    def forward(self, x):
        return self.features(x)[-1]


def hinge(real, fake):
    return (F.relu(1 - real).mean() + F.relu(1 + fake).mean()) / 2


def gram(rows):
    return rows @ rows.T / rows.numel()


def texture_distance(found, expected, labels, holes):
    """The distance of Gram matrices of each class in the hole, by its share of the hole."""
    size = found.shape[2:]
    labels = F.interpolate(labels[:, None].float(), size)[:, 0].long().flatten(1)
    missing = F.interpolate(holes, size)[:, 0].flatten(1) != 0
    found, expected = found.flatten(2), expected.flatten(2)
    total = 0
    for sample in range(len(found)):
        names, counts = labels[sample][missing[sample]].unique(return_counts=True)
        for name, count in zip(names, counts):
            own = (labels[sample] == name).nonzero()[:, 0]
            distance = (gram(found[sample][:, own]) - gram(expected[sample][:, own])).abs().mean()
            total = total + count / counts.sum() * distance
    return total / len(found)


class Twin:
    """The model, what its networks minimize, and a training step."""

    configuration = "coherence_priors.json"
    # The package's side trains on built-in pictures, which have classes of their own; both make whole pictures.
    settings = ["model.classes=procedural", "data.labels.classes=procedural", "model.start=published"]
    classes = 13

    def __init__(self, width=64, discriminator_width=64):
        self.networks = {
            "generator": Generator(width, self.classes), "discriminator": Critic(3, discriminator_width),
            "structure_critic": Critic(3 + self.classes, discriminator_width)}
        self.optimizers = {
            name: torch.optim.Adam(network.parameters(), 1e-4, (0.5, 0.999)) for name, network in self.networks.items()
        }

    def labels(self, images):
        """Four classes a picture, in bands."""
        columns = torch.arange(images.shape[3]) * 4 // images.shape[3]
        names = (torch.arange(len(images))[:, None] + columns[None]) % self.classes
        return names[:, None].expand(-1, images.shape[2], -1).contiguous()

    def step(self, images, holes):
        discriminator, critic = self.networks["discriminator"], self.networks["structure_critic"]
        labels = self.labels(images)
        truth = F.one_hot(labels, self.classes).permute(0, 3, 1, 2).to(images.dtype)
        scales = self.networks["generator"](images, holes)
        pictures, logits = scales[-1]
        completed = pictures * holes + images * (1 - holes)
        self.update("discriminator", hinge(*discriminator(torch.cat([images, completed.detach()])).chunk(2)))
        pairs = torch.cat([
            torch.cat([images, truth], 1), torch.cat([pictures.detach(), logits.detach().softmax(1)], 1),
            torch.cat([images, truth.roll(-1, 0)], 1)])
        real, fake, mismatched = critic(pairs).chunk(3)
        self.update("structure_critic", hinge(real, fake) + F.relu(1 + mismatched).mean() / 4)
        discriminator.requires_grad_(False)
        critic.requires_grad_(False)
        loss = 0
        for (found, scores), divisor in zip(scales, (8, 4, 2, 1)):
            hole = F.max_pool2d(holes, divisor)
            errors = (found - F.avg_pool2d(images, divisor)).abs()
            loss = loss + (6 * (errors * hole).mean() + (errors * (1 - hole)).mean()) / 4
            small = F.interpolate(labels[:, None].float(), scores.shape[2:])[:, 0].long()
            loss = loss + 0.5 * F.cross_entropy(scores, small) / 4
        judged = discriminator.features(completed)
        with torch.no_grad():
            expected = discriminator.features(images)
        loss = loss - 0.1 * judged[-1].mean()
        loss = loss - 0.1 * critic(torch.cat([pictures, logits.softmax(1)], 1)).mean()
        loss = loss + 10 * sum(
            texture_distance(x, y, labels, holes) for x, y in zip(judged[:3], expected[:3]))
        self.update("generator", loss)
        discriminator.requires_grad_(True)
        critic.requires_grad_(True)

    def update(self, name, loss):
        self.optimizers[name].zero_grad()
        loss.backward()
        self.optimizers[name].step()

    def fill(self, images, holes):
        pictures, _ = self.networks["generator"](images, holes)[-1]
        return pictures * holes + images * (1 - holes)
