"""Value and gradient of the n x n and n x n x n losses in plain PyTorch, for comparison: milliseconds a call.

Written from the formulas with whole tensors, as the reference computes them: rkd's angles through all differences of
pairs, [n, n, d], and their products, [n, n, n, d]. Answers {name, kind, n, d, teachers, size, parameters, seconds} with the
milliseconds of processor time (the least of calls for so many seconds) and peak memory.
"""

import time

import torch
import torch.nn.functional as F
from losses_labels import LABEL_LOSSES
from programs import answer, blas, peak_mib, within_memory

EPSILON = 1e-12


def safe_log(x):
    return torch.log(torch.clamp(x, EPSILON, 1 / EPSILON))


def pairs(e):
    s = e @ e.t()
    q = s.diag()[:, None].expand_as(s)
    q = torch.clamp(q + q.t() - 2 * s, min=0)
    return torch.sqrt(torch.clamp(q, min=EPSILON)), q, s


def distances(teachers):
    return torch.stack([pairs(teachers[:, t])[0] for t in range(teachers.shape[1])])


def weights(mean, tau, square=False):
    w = torch.exp(-(mean**2 if square else mean) / tau)
    v = 1 - w
    w.fill_diagonal_(0)
    v.fill_diagonal_(0)
    return w, v


def differences(d):
    return d[:, None, :] - d[:, :, None]


def triplet_weights(mean, p):
    if p["triplet_weight_type"].startswith("from_source_triplets"):
        return torch.sigmoid((differences(mean) - p["margin2"]) / p["tau"])
    w, v = weights(mean, p["tau"], p["triplet_weight_type"].endswith("2"))
    return w[:, :, None] * v[:, None, :]


def cosines(e):
    x = e[:, None] - e[None]
    x = x / (torch.linalg.norm(x, dim=2, keepdim=True) + EPSILON)
    return torch.sum(x[:, :, None] * x[:, None], dim=3)


def rkd(e, teachers, _):
    mean, (d, _, _), n = distances(teachers).mean(0), pairs(e), len(e)
    relative = F.huber_loss(
        d / (d.sum(1, keepdim=True) / (n - 1) + EPSILON), mean / (mean.sum(1, keepdim=True) / (n - 1) + EPSILON)
    )
    target = torch.stack([cosines(teachers[:, t]) for t in range(teachers.shape[1])]).mean(0)
    return relative + 2 * F.huber_loss(cosines(e), target)


def relaxed_contrastive(e, teachers, p):
    n, (d, q, _) = len(e), pairs(e)
    w = torch.exp(-distances(teachers).mean(0) ** 2 / p["tau"])
    m = d.mean(1, keepdim=True)
    losses = w * (1 - torch.eye(n)) * (q / (m**2 + EPSILON)) + (1 - w) * F.relu(p["margin"] - d / (m + EPSILON)) ** 2
    return losses.sum() / (n * (n - 1))


def relaxed_triplet(e, teachers, p):
    w = triplet_weights(distances(teachers).mean(0), p)
    return torch.sum(F.relu(p["margin"] - differences(pairs(e)[0])) * w) / (w.sum() + EPSILON)


def relaxed_facenet(e, teachers, p):
    mean = distances(teachers).mean(0)
    w = triplet_weights(mean, p)
    pair, _ = weights(mean, p["tau"], p["triplet_weight_type"].endswith("2"))
    losses = F.relu(p["margin"] - differences(pairs(e)[0]))
    value = torch.amax(losses * (((losses > 0) & (losses <= p["margin"])) * w), dim=2)
    if p["semihard_loss_threshold"] > 0:
        least = torch.amin(losses - 10 * ((losses > p["margin"]) * w), dim=2)
        value = value + (value <= p["semihard_loss_threshold"]) * ((least + 10) * (least < 0))
    return torch.sum(value * pair) / (pair.sum() + EPSILON)


def relaxed_infonce(e, teachers, p):
    w, v = weights(distances(teachers).mean(0), p["tau"])
    s = pairs(e)[2] / p["tau"] - 10 * torch.eye(len(e))
    x = torch.exp(s - torch.amax(s, dim=1, keepdim=True))
    same, rest = w * x, torch.sum(v * x, dim=1, keepdim=True)
    return torch.sum(-safe_log(same / (same + rest + EPSILON)) * w) / (w.sum() + EPSILON)


def relaxed_multisimilarity(e, teachers, p):
    w, _ = weights(distances(teachers).mean(0), p["tau"], True)
    s = pairs(e)[2] - p["margin"]
    pull = safe_log(1 + torch.sum(w * torch.exp(-p["alpha"] * s), dim=1)) / p["alpha"]
    push = safe_log(1 + torch.sum((1 - w) * torch.exp(p["beta"] * s), dim=1)) / p["beta"]
    return torch.mean(pull + push)


def stmr(e, teachers, p):
    s, t = differences(distances(teachers).mean(0)), differences(pairs(e)[0])
    a = torch.sigmoid(s / p["beta"])
    g = safe_log(1 / a - 1) / p["tau"]
    up, down = torch.exp(p["tau"] * (s - t + g)), torch.exp(p["tau"] * (t - s - g))
    return torch.mean((a * safe_log(1 + up) + (1 - a) * safe_log(1 + down)) / p["tau"])


def mtt(e, teachers, p):
    votes = torch.sum(torch.stack([differences(d) for d in distances(teachers)]) > p["teacher_margin"], dim=0)
    w = (votes > teachers.shape[1] / 2).float()
    return torch.sum(F.relu(p["margin"] - differences(pairs(e)[0])) * w) / (w.sum() + EPSILON)


LOSSES = {f.__name__: f for f in (rkd, relaxed_contrastive, relaxed_triplet, relaxed_facenet, relaxed_infonce,
                                  relaxed_multisimilarity, stmr, mtt)}  # fmt: skip


def supervision(case):
    """Classes of four rows, or teachers; triplets are the rows themselves."""
    if case["kind"] == "classes":
        return torch.arange(case["n"]) // 4
    return F.normalize(torch.relu(torch.randn(case["n"], case["teachers"], case["size"])), dim=2)


def handle(case):
    torch.manual_seed(0)
    e, given = F.normalize(torch.randn(case["n"], case["d"])), supervision(case)
    loss = {**LOSSES, **LABEL_LOSSES}[case["name"]]
    least, spent = float("inf"), 0.0
    while spent < case["seconds"]:
        x = e.clone().requires_grad_()
        start = time.process_time()
        loss(x, given, case["parameters"]).backward()
        seconds = time.process_time() - start
        least, spent = min(least, seconds), spent + seconds + 1e-5
    program = f"PyTorch {torch.__version__}, one thread, {blas()}"
    return {"milliseconds": 1000 * least, "peakMiB": peak_mib(), "program": program}


if __name__ == "__main__":
    within_memory()
    torch.set_num_threads(1)
    answer(handle)
