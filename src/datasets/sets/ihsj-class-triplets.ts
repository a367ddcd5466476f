/** The rule by which contradicting triplets of the same three classes are dropped. */
export type Contradictions = 'original' | 'meant';

type Triplet = readonly [number, number, number];

/** Class triplets, and counts of the triplets that were left out. */
export interface ClassTripletsOfPictures {
  /** `[3m]`: anchor, positive, negative. */
  readonly triplets: Int32Array;
  readonly sameClass: number;
  readonly repeats: number;
  readonly contradictions: number;
}

/**
 * Makes triplets of classes from triplets of pictures: those of three different classes, each once, without
 * contradictions.
 *
 * They come in groups of the same three classes, groups and members in order of first appearance. `original` drops a
 * group of three, (a,b,c) first, only if the others are, in order, the cycle (b,c,a),(c,a,b) or, by a slip of the
 * original, (c,a,b),(b,a,c). `meant` drops both of every pair (a,b,c),(a,c,b), and of the rest every three that form a
 * cycle, in any order.
 *
 * @param triplets `[3m]`: pictures
 * @param classes `[pictures]`: the class of each
 */
export function classTripletsOf(
  triplets: Int32Array,
  classes: Int32Array,
  contradictions: Contradictions,
): ClassTripletsOfPictures {
  const groups = new Map<string, Triplet[]>();
  let [sameClass, repeats, kept] = [0, 0, 0];
  for (let i = 0; i < triplets.length; i += 3) {
    const [a, b, c] = [classes[triplets[i]], classes[triplets[i + 1]], classes[triplets[i + 2]]];
    if (a === b || a === c || b === c) {
      sameClass++;
      continue;
    }
    const key = [a, b, c].sort((x, y) => x - y).join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [[a, b, c]]);
    // In a group, two classes determine the third.
    else if (group.some((other) => other[0] === a && other[1] === b)) repeats++;
    else group.push([a, b, c]);
  }
  const rule = rules[contradictions];
  const result: number[] = [];
  let all = 0;
  for (const group of groups.values()) {
    all += group.length;
    for (const [a, b, c] of rule(group)) {
      result.push(a, b, c);
      kept++;
    }
  }
  return { triplets: Int32Array.from(result), sameClass, repeats, contradictions: all - kept };
}

const rules: Readonly<Record<Contradictions, (group: readonly Triplet[]) => readonly Triplet[]>> = {
  original: (group) => {
    if (group.length !== 3) return group;
    const [[a, b, c], second, third] = group;
    const cycle = same(second, [b, c, a]) && same(third, [c, a, b]);
    const slip = same(second, [c, a, b]) && same(third, [b, a, c]);
    // In the original a contradicting pair among three changes nothing, and neither of these two cases contains one.
    return cycle || slip ? [] : group;
  },
  meant: (group) => {
    const left = group.filter(([a, b, c]) => !group.some((other) => same(other, [a, c, b])));
    if (left.length !== 3) return left;
    const [[a, b, c]] = left;
    const circle: readonly Triplet[] = [
      [b, c, a],
      [c, a, b],
    ];
    return circle.every((turn) => left.some((other) => same(other, turn))) ? [] : left;
  },
};

function same(x: Triplet, y: Triplet): boolean {
  return x[0] === y[0] && x[1] === y[1] && x[2] === y[2];
}
