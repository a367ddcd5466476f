// The losses on classes once more, in double precision, loop by loop as the formulas are written.
import {
  EPSILON,
  distances,
  dot,
  hinge,
  indexes,
  matrix,
  multiSimilarity,
  pairs,
  relu,
  squares,
  sum,
} from './naive.js';
import type { Numbers, Rows } from './naive.js';

export const classes: Record<string, (rows: Rows, classes: readonly number[], p: Numbers) => number> = {
  contrastive(rows, c, { margin_positive, margin_negative }) {
    const [n, d] = [rows.length, distances(rows)];
    const loss = (i: number, j: number): number =>
      c[i] === c[j] ? relu(d[i][j] - margin_positive) : relu(margin_negative - d[i][j]);
    return pairs(n, (i, j) => (i === j ? 0 : loss(i, j))) / (n * (n - 1));
  },
  facenet(rows, c, { margin }) {
    const [n, d] = [rows.length, distances(rows)];
    const same = (i: number, j: number): number => Number(i !== j && c[i] === c[j]);
    const total = pairs(n, (i, j) => {
      if (!same(i, j)) return 0;
      const losses = indexes(n).filter((k) => c[k] !== c[i]).map((k) => hinge(d, margin, i, j, k)); // prettier-ignore
      const semi = losses.filter((loss) => loss > 0 && loss <= margin);
      if (semi.length > 0) return Math.max(...semi);
      const hard = losses.filter((loss) => loss > margin);
      return hard.length > 0 ? Math.min(...hard) : 0;
    });
    return total / (pairs(n, same) + EPSILON);
  },
  infonce(rows, c, { tau }) {
    const n = rows.length;
    const e = matrix(n, (i, j) => Math.exp(dot(rows[i], rows[j]) / tau));
    const terms: number[] = [];
    for (let i = 0; i < n; i++) {
      const rest = sum(indexes(n).filter((k) => c[k] !== c[i]).map((k) => e[i][k])); // prettier-ignore
      for (let j = 0; j < n; j++) if (i !== j && c[i] === c[j]) terms.push(-Math.log(e[i][j] / (e[i][j] + rest)));
    }
    return terms.length === 0 ? 0 : sum(terms) / terms.length;
  },
  multi_similarity(rows, c, p) {
    const n = rows.length;
    const same = matrix(n, (i, j) => Number(i !== j && c[i] === c[j]));
    return multiSimilarity(rows, same, matrix(n, (i, j) => Number(c[i] !== c[j])), p); // prettier-ignore
  },
  multi_similarity_original(rows, c, { margin, alpha, beta }) {
    const losses = rows.map((row, i) => {
      const s = rows.map((other) => dot(row, other));
      const positives = s.filter((x, j) => c[i] === c[j] && x < 1 - 1e-5);
      const negatives = s.filter((_, j) => c[i] !== c[j]);
      if (positives.length === 0 || negatives.length === 0) return 0;
      const pull = Math.log(1 + sum(positives.map((x) => Math.exp(-alpha * (x - margin))))) / alpha;
      return pull + Math.log(1 + sum(negatives.map((x) => Math.exp(beta * (x - margin))))) / beta;
    });
    return sum(losses) / rows.length;
  },
};

/** sampling_matters at given triplets `[m, 3]`. */
export function minedMargin(rows: Rows, drawn: Int32Array, { margin, beta }: Numbers): number {
  const terms = indexes(drawn.length / 3).map((t) => {
    const [a, p, n] = Array.from(drawn.subarray(3 * t, 3 * t + 3), (i) => rows[i]);
    const distance = (b: readonly number[]): number => Math.sqrt(squares([a, b])[0][1] + 1e-8);
    return relu(distance(p) - beta + margin) + relu(beta - distance(n) + margin);
  });
  const counted = terms.filter((x) => x > 0).length;
  return counted === 0 ? 0 : sum(terms) / counted;
}
