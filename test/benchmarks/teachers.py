"""The teachers' training in plain PyTorch, for comparison: seconds an epoch, validation included.

Answers {task: "load", triplets of training and validation (or their counts, to be drawn), items, size, tau, directed,
batch} and {task: "epochs", epochs, loader}. With loader "items" a DataLoader collates single items by eight workers, as
the reference does; with "tensors" a batch is one indexing of a tensor, the fastest plain PyTorch does.
"""

import random
import time

import torch
import torch.nn.functional as F
from programs import answer
from torch.utils.data import DataLoader, Dataset

state = {}


class Items(Dataset):
    def __len__(self):
        return state["items"]

    def __getitem__(self, item):
        return torch.tensor(item, dtype=torch.int32), 0, item


def orders(name):
    per_batch = state["per_batch"]
    chosen = state["triplets"][name].tolist()
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
        return -(-len(state["triplets"][self.name]) // state["per_batch"])


def batches(name, loader):
    if loader == "items":
        for items, _, _ in DataLoader(Items(), batch_sampler=Batches(name), num_workers=8):
            yield items
    else:
        chosen, per_batch = state["triplets"][name], state["per_batch"]
        if name == "training":
            chosen = chosen[torch.randperm(len(chosen))][: len(chosen) // per_batch * per_batch]
        yield from (part.flatten() for part in chosen.split(per_batch))


def forward(items):
    e = F.normalize(F.relu(state["table"](items.long())), dim=-1)
    a, b, c = e[0::3], e[1::3], e[2::3]
    pairs = [(a * b).sum(1), (a * c).sum(1)] + ([] if state["directed"] else [(b * c).sum(1)])
    scores = torch.stack(pairs)
    loss = -F.log_softmax(scores / state["tau"], dim=0)[0].mean()
    return loss, (scores[0] > scores[1:].max(dim=0).values).float().mean()


def epoch(loader):
    for items in batches("training", loader):
        loss, _ = forward(items)
        state["optimizer"].zero_grad()
        loss.backward()
        state["optimizer"].step()
    with torch.no_grad():
        values = [forward(items)[1].item() for items in batches("validation", loader)]
    return sum(values) / len(values)


def three(given):
    """Triplets, or as many random ones."""
    return torch.randint(state["items"], (given, 3)) if isinstance(given, int) else torch.tensor(given).reshape(-1, 3)


def load(given):
    state.update(items=given["items"], directed=given["directed"], tau=given["tau"], per_batch=given["batch"] // 3)
    state["triplets"] = {name: three(value) for name, value in given["triplets"].items()}
    start = torch.normal(0.5, 0.2, (given["items"], given["size"]))
    state["table"] = torch.nn.Embedding.from_pretrained(start, freeze=False)
    state["optimizer"] = torch.optim.Adam([{"params": state["table"].parameters(), "weight_decay": 0.0}], lr=1e-3)


def handle(given):
    program = f"PyTorch {torch.__version__}, threads: {torch.get_num_threads()}"
    if given["task"] == "load":
        load(given)
        return {"program": program}
    start = time.perf_counter()
    fct = [epoch(given["loader"]) for _ in range(given["epochs"])]
    return {"seconds": (time.perf_counter() - start) / given["epochs"], "fct": max(fct), "program": program}


answer(handle)
