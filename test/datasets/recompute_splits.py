"""Splits of the real files, computed with Python's own random and set: an independent check of the project's.

Reads {"things": root or null, "yummly": root or null, "cases": [[name, version], ...]} and writes, for each case, the
SHA-256 of the triplets and instances (little-endian int32) of each subset and the generator's next 32 bits.
"""

import csv
import hashlib
import json
import os
import random
import struct
import sys


def digest(indexes):
    return hashlib.sha256(struct.pack("<%di" % len(indexes), *indexes)).hexdigest()


def permuted(n):
    return random.sample(range(n), n)


def inside(triplets, elements):
    return [t for t in triplets if t[0] in elements and t[1] in elements and t[2] in elements and len(set(t)) == 3]


def split(triplets, n, parts):
    order = permuted(n)
    if parts == 3:
        cuts = [0, int(0.6 * n), int(0.8 * n), n]
        sets = [set(order[i:j]) for i, j in zip(cuts, cuts[1:])]
        return [inside(triplets, s) for s in sets], sets
    known, test = set(order[: int(0.8 * n)]), set(order[int(0.8 * n) :])
    mixed = inside(triplets, known)
    random.shuffle(mixed)
    m = int(0.8 * len(mixed))
    return [mixed[:m], mixed[m:], inside(triplets, test)], [known, known, test]


def things(root, version):
    with open(os.path.join(root, "Main", "things_concepts.tsv"), newline="") as f:
        n = len(list(csv.reader(f, delimiter="\t"))) - 1
    with open(os.path.join(root, "Revealing", "variables", "sortind.mat"), "rb") as f:
        # An uncompressed column of uint16: header 128, tags 64 bytes, then the numbers.
        order = struct.unpack_from("<%dH" % n, f.read(), 192)
    assert sorted(order) == list(range(1, n + 1))
    meaning = {number - 1: concept for concept, number in enumerate(order)}
    with open(os.path.join(root, "Revealing", "triplets", "data1854_baseline_test10.txt")) as f:
        triplets = [[meaning[int(i)] for i in line.split()] for line in f]
    random.seed(0)
    groups, sets = split(triplets, n, 3 if version == "source_embedding" else 2)
    elements = [list(s) for s in sets]
    if version == "psycho":
        return groups, elements
    # One picture a concept: each is drawn of a single one, twice over, which moves the generator on.
    drawn = [[], [], []]
    for _ in range(2):
        for part, group in zip(drawn, groups):
            part.extend([random.choice([c]) for c in t] for t in group)
    return drawn, elements


def yummly(root, version):
    name, _, seed = version.partition("~")
    pictures = sorted(p for p in os.listdir(os.path.join(root, "images")) if p.endswith(".jpg"))
    number = {"images/" + p: i for i, p in enumerate(pictures)}
    with open(os.path.join(root, "all-triplets.csv")) as f:
        triplets = [[number[p.strip()] for p in line.split(";")] for line in f]
    random.seed(int(seed or 0))
    groups, sets = split(triplets, len(pictures), 3 if name == "source_embedding" else 2)
    return groups, [list(s) for s in sets]


given = json.load(sys.stdin)
answers = []
for name, version in given["cases"]:
    groups, elements = things(given["things"], version) if name == "ThingsTInd" else yummly(given["yummly"], version)
    answers.append(
        {
            "triplets": [digest([i for t in g for i in t]) for g in groups],
            "instances": [digest(e) for e in elements],
            "next": random.getrandbits(32),
        }
    )
json.dump(answers, sys.stdout)
