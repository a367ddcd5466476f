import { dot, relu, sum, type Numbers, type Parameters, type Rows } from './naive.js';

type Naive = (p: Numbers, s: number[], d: number[]) => number;

const mean = (values: readonly number[]): number => sum(values) / values.length;
export const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((x, k) => x - b[k]));

/** The formulas of one triplet in double precision: similarities and distances of the pairs 01, 02 [, 12]. */
export const tripletLosses: Record<string, Naive> = {
  double_contrastive: (p, _, [d01, ...far]) =>
    mean([relu(d01 - p.margin_positive), ...far.map((d) => relu(p.margin_negative - d))]),
  triplet: (p, _, [d01, ...far]) => mean(far.map((d) => relu(p.margin - (d - d01)))),
  double_margin: (p, _, [d01, ...far]) =>
    mean(far.map((d) => relu(d01 - (p.beta - p.margin)) + relu(p.beta + p.margin - d))),
  soe: (p, _, [d01, ...far]) => mean(far.map((d) => relu(p.margin + d01 - d) ** 2)),
  ckl: (p, _, d) => -Math.log(1 / (p.mu + d[0] ** 2) / sum(d.map((x) => 1 / (p.mu + x ** 2)))),
  ste: (p, s) => -Math.log(Math.exp(s[0] / p.tau) / sum(s.map((x) => Math.exp(x / p.tau)))),
  double_multisimilarity: (p, [s01, ...far]) =>
    mean(
      far.map(
        (s) =>
          Math.log(1 + Math.exp(p.alpha * (p.margin - s01))) / p.alpha +
          Math.log(1 + Math.exp(p.beta * (s - p.margin))) / p.beta,
      ),
    ),
};

/** The mean over triplets, whose rows come in threes. */
export function naiveTripletLoss(name: string, p: Parameters, rows: Rows, directed: boolean): number {
  const losses: number[] = [];
  for (let t = 0; t < rows.length; t += 3) {
    const [a, b, c] = rows.slice(t, t + 3);
    const pairs = directed ? [[a, b], [a, c]] : [[a, b], [a, c], [b, c]]; // prettier-ignore
    const s = pairs.map(([x, y]) => dot(x, y));
    const d = pairs.map(([x, y]) => distance(x, y));
    losses.push(tripletLosses[name](p as Numbers, s, d));
  }
  return mean(losses);
}
