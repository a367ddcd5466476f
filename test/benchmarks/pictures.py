"""Pictures of Pillow and torchvision, the reference's way: Image.open(...).convert("RGB") and its transforms.

Answers {files, vit, training, workers}, the same each time, with the seconds of an epoch of a DataLoader whose workers stay.
"""

import time

import PIL
import torch
import torchvision
from PIL import Image
from programs import answer
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from torchvision.transforms import InterpolationMode


class Pictures(Dataset):
    def __init__(self, files, vit, training):
        filter_ = InterpolationMode.BICUBIC if vit else InterpolationMode.BILINEAR
        mean, std = ([0.5] * 3, [0.5] * 3) if vit else ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        if training:
            steps = [transforms.RandomResizedCrop(224, interpolation=filter_), transforms.RandomHorizontalFlip()]
            steps += [transforms.ColorJitter(0.4, 0.4, 0.4)] if vit else []
        else:
            steps = [transforms.Resize(248 if vit else 256, filter_), transforms.CenterCrop(224)]
        self.transform = transforms.Compose(steps + [transforms.ToTensor(), transforms.Normalize(mean, std)])
        self.files = files

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        return self.transform(Image.open(self.files[i]).convert("RGB"))


torch.set_num_threads(1)
loaders = []


def handle(given):
    if not loaders:
        pictures = Pictures(given["files"], given["vit"], given["training"])
        workers = given["workers"]
        loaders.append(DataLoader(pictures, batch_size=25, num_workers=workers, persistent_workers=True, prefetch_factor=2))
    start = time.perf_counter()
    for _ in loaders[0]:
        pass
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "program": f"Pillow {PIL.__version__}, torchvision {torchvision.__version__}"}


answer(handle)
