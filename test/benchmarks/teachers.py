"""The teachers' training in plain PyTorch, for comparison: seconds an epoch, validation included.

Reads {triplets of training and validation, items, size, tau, directed, batch, epochs, loader} as JSON on stdin. With
loader "items" a DataLoader collates single items by eight workers, as the reference does; with "tensors" a batch is one
indexing of a tensor, the fastest plain PyTorch does.
"""

import json
import random
import sys
import time

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

given = json.load(sys.stdin)
triplets = {k: torch.tensor(v).reshape(-1, 3) for k, v in given["triplets"].items()}
per_batch = given["batch"] // 3
directed, tau = given["directed"], given["tau"]
table = torch.nn.Embedding.from_pretrained(torch.normal(0.5, 0.2, (given["items"], given["size"])), freeze=False)
optimizer = torch.optim.Adam([{"params": table.parameters(), "weight_decay": 0.0}], lr=1e-3)


class Items(Dataset):
    def __len__(self):
        return given["items"]

    def __getitem__(self, item):
        return torch.tensor(item, dtype=torch.int32), 0, item


def orders(name):
    chosen = triplets[name].tolist()
    if name == "training":
        chosen = random.sample(chosen, len(chosen))
    whole = len(chosen) // per_batch if name == "training" else -(-len(chosen) // per_batch)
    for b in range(whole):
        yield [i for t in chosen[b * per_batch : (b + 1) * per_batch] for i in t]


class Batches:
    def __init__(self, name):
        self.name = name

    def __iter__(self):
        return orders(self.name)

    def __len__(self):
        return -(-len(triplets[self.name]) // per_batch)


def batches(name):
    if given["loader"] == "items":
        for items, _, _ in DataLoader(Items(), batch_sampler=Batches(name), num_workers=8):
            yield items
    else:
        chosen = triplets[name]
        if name == "training":
            chosen = chosen[torch.randperm(len(chosen))][: len(chosen) // per_batch * per_batch]
        yield from (part.flatten() for part in chosen.split(per_batch))


def forward(items):
    e = F.normalize(F.relu(table(items.long())), dim=-1)
    a, b, c = e[0::3], e[1::3], e[2::3]
    pairs = [(a * b).sum(1), (a * c).sum(1)] + ([] if directed else [(b * c).sum(1)])
    scores = torch.stack(pairs)
    loss = -F.log_softmax(scores / tau, dim=0)[0].mean()
    return loss, (scores[0] > scores[1:].max(dim=0).values).float().mean()


def epoch():
    for items in batches("training"):
        loss, _ = forward(items)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        values = [forward(items)[1].item() for items in batches("validation")]
    return sum(values) / len(values)


epoch() if given["loader"] == "tensors" else None  # warm up
start = time.perf_counter()
fct = [epoch() for _ in range(given["epochs"])]
seconds = (time.perf_counter() - start) / given["epochs"]
json.dump({"seconds": seconds, "fct": max(fct), "torch": torch.__version__, "threads": torch.get_num_threads()}, sys.stdout)
