"""What torchvision and Pillow make of picture files, with given draws instead of random ones.

Reads {preprocessing, size, files, draws or null} as JSON on stdin; writes the pictures, size x size x 3 bytes each, to stdout.
"""

import json
import sys

import numpy as np
import torch
from PIL import Image
from torchvision import transforms
from torchvision.transforms import InterpolationMode

given = json.load(sys.stdin)
size, vit, small = given["size"], given["preprocessing"].startswith("ViT"), given["preprocessing"].startswith("Small")
filter_ = InterpolationMode.BICUBIC if vit else InterpolationMode.BILINEAR
shorter = size if small else 248 if vit else 256
evaluation = transforms.Compose([transforms.Resize(shorter, filter_), transforms.CenterCrop(size)])
crop = transforms.RandomResizedCrop(size, interpolation=filter_)
jitter = transforms.ColorJitter(0.4, 0.4, 0.4)
orders = [[0, 1, 2], [0, 2, 1], [1, 2, 0], [1, 0, 2], [2, 0, 1], [2, 1, 0]]


waiting = {"uniform": [], "place": []}


class Draw:
    """Stands for torch.empty(1): its uniform_ gives the next of the given draws."""

    def uniform_(self, low, high):
        drawn = float(low) + (float(high) - float(low)) * waiting["uniform"].pop(0)
        return torch.tensor([drawn], dtype=torch.float64)


torch.empty = lambda *_: Draw()
torch.randint = lambda low, high, size: torch.tensor([low + int(waiting["place"].pop(0) * (high - low))])


def augment(image, draws):
    waiting["uniform"], waiting["place"] = draws[:20], draws[20:22]
    image = evaluation(image) if small else crop(image)
    if draws[22] < 0.5:
        image = transforms.functional.hflip(image)
    if vit:
        waiting["uniform"] = draws[24:27]
        torch.randperm = lambda n: torch.tensor(orders[int(6 * draws[23])] + [3])
        image = jitter(image)
    return image


for i, file in enumerate(given["files"]):
    image = Image.open(file).convert("RGB")
    image = evaluation(image) if given["draws"] is None else augment(image, given["draws"][i])
    sys.stdout.buffer.write(np.asarray(image).tobytes())
