// The losses once more, in double precision, loop by loop as the formulas are written.

export type Rows = readonly (readonly number[])[];
/** `[n, T, size]` */
export type Teachers = readonly (readonly (readonly number[])[])[];
export type Parameters = Readonly<Record<string, unknown>>;
type Matrix = number[][];
export type Numbers = Readonly<Record<string, number>>;

export const EPSILON = 1e-12;
export const relu = (x: number): number => Math.max(x, 0);
const log = (x: number): number => Math.log(Math.min(Math.max(x, EPSILON), 1 / EPSILON));
const huber = (x: number): number => (Math.abs(x) <= 1 ? (x * x) / 2 : Math.abs(x) - 0.5);
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const dot = (a: readonly number[], b: readonly number[]): number => sum(a.map((x, k) => x * b[k]));
const subtract = (a: readonly number[], b: readonly number[]): number[] => a.map((x, k) => x - b[k]);
export const indexes = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

export const matrix = (n: number, f: (i: number, j: number) => number): Matrix =>
  indexes(n).map((i) => indexes(n).map((j) => f(i, j)));
export function squares(rows: Rows): Matrix {
  return matrix(rows.length, (i, j) => {
    const difference = subtract(rows[i], rows[j]);
    return dot(difference, difference);
  });
}
export const distances = (rows: Rows): Matrix =>
  squares(rows).map((row) => row.map((q) => Math.sqrt(Math.max(q, EPSILON))));
/** The same in float32, as the reference computes them: orthogonal rows are sqrt(2) apart only up to their norms' rounding. */
function distancesInSingle(rows: Rows): Matrix {
  const f = Math.fround;
  const s = matrix(rows.length, (i, j) => rows[i].reduce((total, x, k) => f(total + f(x * rows[j][k])), 0));
  return matrix(rows.length, (i, j) => f(Math.sqrt(Math.max(f(f(s[i][i] + s[j][j]) - 2 * s[i][j]), f(EPSILON)))));
}
const ofTeacher = (teachers: Teachers, t: number): Rows => teachers.map((rows) => rows[t]);
const perTeacher = <T>(teachers: Teachers, f: (rows: Rows) => T): T[] =>
  teachers[0].map((_, t) => f(ofTeacher(teachers, t)));
function meanDistances(teachers: Teachers): Matrix {
  const all = perTeacher(teachers, distances);
  return matrix(teachers.length, (i, j) => sum(all.map((d) => d[i][j])) / all.length);
}
function triplets(n: number, f: (i: number, j: number, k: number) => number): number {
  let total = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) total += f(i, j, k);
  return total;
}
export const pairs = (n: number, f: (i: number, j: number) => number): number => sum(matrix(n, f).flat());

/** The cosine at i, 0 where two of its rows are equal. */
function cosine(rows: Rows, i: number, j: number, k: number): number {
  const [x, y] = [subtract(rows[i], rows[j]), subtract(rows[i], rows[k])];
  const norms = Math.sqrt(dot(x, x)) * Math.sqrt(dot(y, y));
  return norms === 0 ? 0 : dot(x, y) / norms;
}
const top = (row: readonly number[]): number => row.indexOf(Math.max(...row));
const oneHotCosine = (rows: Rows, i: number, j: number, k: number): number => {
  const [a, b, c] = [i, j, k].map((index) => top(rows[index]));
  return 0.5 * (1 + Number(b === c) - Number(a === c) - Number(a === b));
};

export function rkd(rows: Rows, teachers: Teachers): number {
  const n = rows.length;
  const relative = (d: Matrix): Matrix => d.map((row) => row.map((x) => (x / sum(row)) * (n - 1)));
  const [own, theirs] = [relative(distances(rows)), relative(meanDistances(teachers))];
  const distanceTerm = pairs(n, (i, j) => huber(own[i][j] - theirs[i][j])) / n ** 2;
  return distanceTerm + (2 * triplets(n, (i, j, k) => angle(rows, teachers, i, j, k))) / n ** 3;
}

/** One triplet's part of rkd's angle term. */
function angle(rows: Rows, teachers: Teachers, i: number, j: number, k: number): number {
  const f = teachers.every((row) => Math.max(...row[0]) === 1) ? oneHotCosine : cosine;
  const target = perTeacher(teachers, (theirs) => f(theirs, i, j, k));
  return huber(f(rows, i, j, k) - sum(target) / target.length);
}

/** rkd with its angle term over given triplets `[m, 3]`. */
export function minedRkd(rows: Rows, teachers: Teachers, drawn: Int32Array): number {
  const all = rkd(rows, teachers);
  const n = rows.length;
  const angles = (2 * triplets(n, (i, j, k) => angle(rows, teachers, i, j, k))) / n ** 3;
  const m = drawn.length / 3;
  const terms = indexes(m).map((t) => angle(rows, teachers, drawn[3 * t], drawn[3 * t + 1], drawn[3 * t + 2]));
  return all - angles + (m === 0 ? 0 : (2 * sum(terms)) / m);
}

function weights(teachers: Teachers, tau: number, squared: boolean): { near: Matrix; far: Matrix } {
  const mean = meanDistances(teachers);
  const w = (i: number, j: number): number => Math.exp(-(squared ? mean[i][j] ** 2 : mean[i][j]) / tau);
  const n = teachers.length;
  return { near: matrix(n, (i, j) => (i === j ? 0 : w(i, j))), far: matrix(n, (i, j) => (i === j ? 0 : 1 - w(i, j))) };
}

function tripletWeight(teachers: Teachers, p: Parameters): (i: number, j: number, k: number) => number {
  const { tau, margin2 = 0 } = p as Numbers;
  const type = p['triplet_weight_type'] as string;
  const mean = meanDistances(teachers);
  const { near, far } = weights(teachers, tau, type.endsWith('2'));
  return (i, j, k) =>
    type.startsWith('from_source_pairs')
      ? near[i][j] * far[i][k]
      : 1 / (1 + Math.exp(-(mean[i][k] - mean[i][j] - margin2) / tau));
}

export const hinge = (d: Matrix, margin: number, i: number, j: number, k: number): number =>
  relu(margin - (d[i][k] - d[i][j]));

/** Greatest w L of the L in (0, margin]; where at most the threshold, the hard part too. */
function semihard(losses: readonly number[], w: readonly number[], margin: number, threshold?: number): number {
  const products = losses.map((loss, k) => (loss > 0 && loss <= margin ? w[k] * loss : 0));
  const best = Math.max(...products);
  if (threshold === undefined || best > threshold) return best;
  const least = Math.min(...losses.map((loss, k) => loss - (loss > margin ? 10 * w[k] : 0)));
  return least < 0 ? best + 10 + least : best;
}

export const distillation: Record<string, (rows: Rows, teachers: Teachers, p: Parameters) => number> = {
  rkd,
  relaxed_contrastive(rows, teachers, p) {
    const { margin, tau } = p as Numbers;
    const [n, d, mean] = [rows.length, distances(rows), meanDistances(teachers)];
    const total = pairs(n, (i, j) => {
      const [m, w] = [sum(d[i]) / n, Math.exp(-(mean[i][j] ** 2) / tau)];
      return (
        (i === j ? 0 : (w * squares([rows[i], rows[j]])[0][1]) / m ** 2) + (1 - w) * relu(margin - d[i][j] / m) ** 2
      );
    });
    return total / (n * (n - 1));
  },
  relaxed_triplet(rows, teachers, p) {
    const [n, d, w] = [rows.length, distances(rows), tripletWeight(teachers, p)];
    const total = triplets(n, (i, j, k) => w(i, j, k) * hinge(d, p['margin'] as number, i, j, k));
    return total / triplets(n, w);
  },
  relaxed_facenet(rows, teachers, p) {
    const { margin, tau, semihard_loss_threshold: threshold } = p as Numbers;
    const [n, d, w] = [rows.length, distances(rows), tripletWeight(teachers, p)];
    const { near } = weights(teachers, tau, (p['triplet_weight_type'] as string).endsWith('2'));
    const total = pairs(n, (i, j) => {
      const losses = indexes(n).map((k) => hinge(d, margin, i, j, k));
      const weighted = indexes(n).map((k) => w(i, j, k));
      return near[i][j] * semihard(losses, weighted, margin, threshold > 0 ? threshold : undefined);
    });
    return total / sum(near.flat());
  },
  relaxed_infonce(rows, teachers, p) {
    const { tau } = p as Numbers;
    const n = rows.length;
    const { near, far } = weights(teachers, tau, false);
    const scores = matrix(n, (i, j) => dot(rows[i], rows[j]) / tau - (i === j ? 10 : 0));
    const e = scores.map((row) => row.map((x) => Math.exp(x - Math.max(...row))));
    const total = pairs(n, (i, j) => {
      const positive = near[i][j] * e[i][j];
      return -near[i][j] * log(positive / (positive + dot(far[i], e[i]) + EPSILON));
    });
    return total / sum(near.flat());
  },
  relaxed_multisimilarity(rows, teachers, p) {
    const { near } = weights(teachers, p['tau'] as number, true);
    return multiSimilarity(rows, near, near.map((row) => row.map((w) => 1 - w)), p as Numbers); // prettier-ignore
  },
  stmr(rows, teachers, p) {
    const [n, d, mean] = [rows.length, distances(rows), meanDistances(teachers)];
    return triplets(n, (i, j, k) => regression(d, mean, p as Numbers, i, j, k)) / n ** 3;
  },
  mtt(rows, teachers, p) {
    const { teacher_margin, margin } = p as Numbers;
    const [n, d, theirs] = [rows.length, distances(rows), perTeacher(teachers, distancesInSingle)];
    const w = (i: number, j: number, k: number): number =>
      Number(
        theirs.filter((t) => Math.fround(t[i][k] - t[i][j]) > Math.fround(teacher_margin)).length > theirs.length / 2,
      );
    return triplets(n, (i, j, k) => w(i, j, k) * hinge(d, margin, i, j, k)) / (triplets(n, w) + EPSILON);
  },
};

function regression(d: Matrix, mean: Matrix, p: Numbers, i: number, j: number, k: number): number {
  const [s, t] = [mean[i][k] - mean[i][j], d[i][k] - d[i][j]];
  const a = 1 / (1 + Math.exp(-s / p.beta));
  const g = log(1 / a - 1) / p.tau;
  const softplus = (x: number): number => log(1 + Math.exp(p.tau * x));
  return (a * softplus(s - t + g) + (1 - a) * softplus(t - s - g)) / p.tau;
}

/** stmr over given triplets `[m, 3]`. */
export function minedStmr(rows: Rows, teachers: Teachers, drawn: Int32Array, p: Parameters): number {
  const [d, mean, m] = [distances(rows), meanDistances(teachers), drawn.length / 3];
  const term = (t: number): number =>
    regression(d, mean, p as Numbers, drawn[3 * t], drawn[3 * t + 1], drawn[3 * t + 2]);
  return m === 0 ? 0 : sum(indexes(m).map(term)) / m;
}

export function multiSimilarity(rows: Rows, near: Matrix, far: Matrix, { margin, alpha, beta }: Numbers): number {
  const side = (i: number, w: Matrix, factor: number): number =>
    log(1 + sum(rows.map((row, j) => w[i][j] * Math.exp(factor * (dot(rows[i], row) - margin))))) / Math.abs(factor);
  return sum(rows.map((_, i) => side(i, near, -alpha) + side(i, far, beta))) / rows.length;
}
