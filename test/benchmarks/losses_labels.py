"""The losses on labelled triplets and on classes in plain PyTorch, from their formulas."""

import torch
import torch.nn.functional as F

EPSILON = 1e-12


def of_triplets(e, function):
    """The mean of a function of similarities or distances of the pairs 01, 02 and 12."""
    a, b, c = e[0::3], e[1::3], e[2::3]
    return torch.mean(function(*((a, b), (a, c), (b, c))))


def similarity(pair):
    return torch.sum(pair[0] * pair[1], dim=1)


def distance(pair):
    return torch.sqrt(torch.sum((pair[0] - pair[1]) ** 2, dim=1) + EPSILON)


def ste(e, _, p):
    return of_triplets(e, lambda *pairs: -F.log_softmax(torch.stack([similarity(x) for x in pairs]) / p["tau"], dim=0)[0])


def triplet(e, _, p):
    return of_triplets(e, lambda x, y, z: sum(F.relu(p["margin"] + distance(x) - distance(far)) for far in (y, z)) / 2)


def double_contrastive(e, _, p):
    pull, push = p["margin_positive"], p["margin_negative"]
    return of_triplets(
        e, lambda x, y, z: (F.relu(distance(x) - pull) + sum(F.relu(push - distance(far)) for far in (y, z))) / 3
    )


def double_margin(e, _, p):
    low, high = p["beta"] - p["margin"], p["beta"] + p["margin"]
    return of_triplets(
        e, lambda x, y, z: F.relu(distance(x) - low) + sum(F.relu(high - distance(far)) for far in (y, z)) / 2
    )


def double_multisimilarity(e, _, p):
    def soft(x, factor):
        return torch.log(1 + torch.exp(factor * x)) / factor

    return of_triplets(
        e,
        lambda x, y, z: soft(p["margin"] - similarity(x), p["alpha"])
        + sum(soft(similarity(far) - p["margin"], p["beta"]) for far in (y, z)) / 2,
    )


def masks(classes):
    same = classes[:, None] == classes[None]
    return same & ~torch.eye(len(classes), dtype=torch.bool), ~same


def all_distances(e):
    s = e @ e.t()
    q = s.diag()
    return torch.sqrt(torch.clamp(q[:, None] + q[None] - 2 * s, min=EPSILON))


def contrastive(e, classes, p):
    same, other = masks(classes)
    d, n = all_distances(e), len(e)
    losses = same * F.relu(d - p["margin_positive"]) + other * F.relu(p["margin_negative"] - d)
    return losses.sum() / (n * (n - 1))


def facenet(e, classes, p):
    same, other = masks(classes)
    d = all_distances(e)
    losses = F.relu(p["margin"] - (d[:, None, :] - d[:, :, None]))
    semi = (losses > 0) & (losses <= p["margin"]) & other[:, None, :]
    hard = (losses > p["margin"]) & other[:, None, :]
    value = torch.amax(losses * semi, dim=2)
    least = torch.amin(torch.where(hard, losses, torch.full_like(losses, float("inf"))), dim=2)
    value = torch.where((value <= 0) & torch.isfinite(least), least, value)
    return torch.sum(value * same) / (same.sum() + EPSILON)


def infonce(e, classes, p):
    same, other = masks(classes)
    x = torch.exp(e @ e.t() / p["tau"])
    rest = torch.sum(x * other, dim=1, keepdim=True)
    return torch.sum(-torch.log(x / (x + rest)) * same) / same.sum()


def multi(s, same, other, p):
    pull = torch.log(1 + torch.sum(same * torch.exp(-p["alpha"] * (s - p["margin"])), dim=1)) / p["alpha"]
    push = torch.log(1 + torch.sum(other * torch.exp(p["beta"] * (s - p["margin"])), dim=1)) / p["beta"]
    return torch.mean(pull + push)


def multi_similarity(e, classes, p):
    return multi(e @ e.t(), *masks(classes), p)


def multi_similarity_original(e, classes, p):
    """Row by row, as it was published."""
    s, losses = e @ e.t(), []
    for i in range(len(e)):
        alike = classes == classes[i]
        near, far = s[i][alike & (s[i] < 1 - 1e-5)], s[i][~alike]
        if len(near) == 0 or len(far) == 0:
            continue
        pull = torch.log(1 + torch.sum(torch.exp(-p["alpha"] * (near - p["margin"])))) / p["alpha"]
        losses.append(pull + torch.log(1 + torch.sum(torch.exp(p["beta"] * (far - p["margin"])))) / p["beta"])
    return sum(losses) / len(e)


LABEL_LOSSES = {f.__name__: f for f in (ste, triplet, double_contrastive, double_margin, double_multisimilarity,
                                        contrastive, facenet, infonce, multi_similarity, multi_similarity_original)}  # fmt: skip
