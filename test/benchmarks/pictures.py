"""Pictures per second of Pillow and torchvision, the reference's way: Image.open(...).convert("RGB") and its transforms.

Reads {files, vit, training, workers, repeat} as JSON on stdin; with workers 0 in this process, else by a DataLoader.
"""

import json
import sys
import time

import PIL
import torch
import torchvision
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from torchvision.transforms import InterpolationMode

given = json.load(sys.stdin)
vit = given["vit"]
filter_ = InterpolationMode.BICUBIC if vit else InterpolationMode.BILINEAR
mean, std = ([0.5] * 3, [0.5] * 3) if vit else ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
end = [transforms.ToTensor(), transforms.Normalize(mean, std)]
if given["training"]:
    steps = [transforms.RandomResizedCrop(224, interpolation=filter_), transforms.RandomHorizontalFlip()]
    steps += [transforms.ColorJitter(0.4, 0.4, 0.4)] if vit else []
else:
    steps = [transforms.Resize(248 if vit else 256, filter_), transforms.CenterCrop(224)]
transform = transforms.Compose(steps + end)


class Pictures(Dataset):
    def __len__(self):
        return len(given["files"])

    def __getitem__(self, i):
        return transform(Image.open(given["files"][i]).convert("RGB"))


torch.set_num_threads(1)
loader = DataLoader(
    Pictures(), batch_size=25, num_workers=given["workers"], persistent_workers=given["workers"] > 0, prefetch_factor=2
)
best = None
for epoch in range(given["repeat"] + 1):  # the first one starts the workers
    start = time.perf_counter()
    for _ in loader:
        pass
    seconds = time.perf_counter() - start
    if epoch > 0:
        best = seconds if best is None else min(best, seconds)
json.dump({"seconds": best, "version": f"Pillow {PIL.__version__}, torchvision {torchvision.__version__}"}, sys.stdout)
