import test from 'ava';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { UsageError } from '../../src/errors.js';
import { projectToPlane } from '../../src/figures/projections/principal-components.js';

/** Numbers that look random and are the same each time. */
function numbers(n: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** Eigenvalues of the covariance, greatest first, by classical Jacobi: the greatest off-diagonal element each time. */
function eigenvalues(x: ArrayLike<number>, n: number, d: number): number[] {
  const mean = Array.from({ length: d }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += x[i * d + j];
    return sum / n;
  });
  const a = mean.map((mj, j) =>
    mean.map((mk, k) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (x[i * d + j] - mj) * (x[i * d + k] - mk);
      return sum / (n - 1);
    }),
  );
  for (let step = 0; step < 100 * d * d; step++) {
    let [p, q] = [0, 1];
    for (let i = 0; i < d; i++)
      for (let j = i + 1; j < d; j++) if (Math.abs(a[i][j]) > Math.abs(a[p][q])) [p, q] = [i, j];
    if (d < 2 || Math.abs(a[p][q]) < 1e-15) break;
    const angle = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    const tangent = (angle < 0 ? -1 : 1) / (Math.abs(angle) + Math.hypot(angle, 1));
    const c = 1 / Math.hypot(tangent, 1);
    const s = tangent * c;
    for (let k = 0; k < d; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
    for (let k = 0; k < d; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
  }
  return a.map((row, i) => row[i]).sort((s, t) => t - s);
}

/** Variances of the two columns and their covariance. */
function moments(points: Float64Array): [number, number, number] {
  const n = points.length / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += points[2 * i] ** 2;
    yy += points[2 * i + 1] ** 2;
    xy += points[2 * i] * points[2 * i + 1];
  }
  return [xx / (n - 1), yy / (n - 1), xy / (n - 1)];
}

for (const [n, d] of [
  [40, 2],
  [30, 7],
  [12, 20], // fewer points than dimensions
  [150, 40],
])
  test(`variances along the axes are the two greatest eigenvalues, n ${n}, d ${d}`, (t) => {
    // Columns of falling size, mixed, so that the spectrum falls as that of embeddings does.
    const raw = numbers(n * d, n + d);
    const x = raw.map((_, i) => {
      const row = Math.floor(i / d) * d;
      return raw[row + (i % d)] + (3 * raw[row]) / (1 + (i % d)) + 2 * raw[row + 1] * ((i % d) % 2) + 5;
    });
    const { points, explained } = projectToPlane(x, n, d);
    const values = eigenvalues(x, n, d);
    const total = values.reduce((a, b) => a + b);
    const [xx, yy, xy] = moments(points);
    t.true(Math.abs(xx - values[0]) < 1e-9 * values[0], `${xx} ${values[0]}`);
    t.true(Math.abs(yy - values[1]) < 1e-9 * values[0], `${yy} ${values[1]}`);
    t.true(Math.abs(xy) < 1e-9 * values[0]);
    t.true(Math.abs(explained[0] - values[0] / total) < 1e-9 && Math.abs(explained[1] - values[1] / total) < 1e-9);
  });

test('distances in the plane are those of the embeddings where all variance lies in a plane', (t) => {
  const plane = numbers(60, 3);
  const x = Float64Array.from({ length: 30 * 5 }, (_, i) => {
    const [u, v] = [plane[2 * Math.floor(i / 5)], plane[2 * Math.floor(i / 5) + 1]];
    return [0.6 * u, 0.8 * u, v, 0, 1][i % 5];
  });
  const { points, explained } = projectToPlane(x, 30, 5);
  t.true(Math.abs(explained[0] + explained[1] - 1) < 1e-12);
  for (let i = 1; i < 30; i++) {
    const inPlane = Math.hypot(points[2 * i] - points[0], points[2 * i + 1] - points[1]);
    const inSpace = Math.hypot(...[0, 1, 2, 3, 4].map((j) => x[5 * i + j] - x[j]));
    t.true(Math.abs(inPlane - inSpace) < 1e-12);
  }
});

test('the sign does not depend on the sign of the data, and the same input gives the same bits', (t) => {
  const x = numbers(50 * 6, 9);
  const a = projectToPlane(x, 50, 6);
  t.deepEqual(projectToPlane(x, 50, 6), a);
  // Mirrored data have the same axes: their points are mirrored, not the axes.
  const b = projectToPlane(
    x.map((value) => -value),
    50,
    6,
  );
  a.points.forEach((value, i) => t.true(Math.abs(value + b.points[i]) < 1e-9));
});

test('equal eigenvalues, a single dimension and no variance at all', (t) => {
  const square = projectToPlane([1, 1, 1, -1, -1, 1, -1, -1], 4, 2);
  t.true(Math.abs(square.explained[0] - 0.5) < 1e-12);
  const line = projectToPlane([1, 2, 4], 3, 1);
  t.true(Math.abs(line.points[4] - (4 - 7 / 3)) < 1e-12);
  t.is(line.explained[1], 0);
  t.deepEqual([...projectToPlane([2, 3, 2, 3], 2, 2).points], [0, 0, 0, 0]);
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer(), (n, d, seed) => {
      const { points, explained } = projectToPlane(numbers(n * d, seed), n, d);
      return points.every(Number.isFinite) && explained[0] >= explained[1] && explained[0] + explained[1] < 1 + 1e-9;
    }),
  );
});

test('wrong lengths and values that are not finite are refused', (t) => {
  t.throws(() => projectToPlane([1, 2, 3], 2, 2), { instanceOf: UsageError, message: /3 values; give 2 x 2/ });
  t.throws(() => projectToPlane([1, 2], 1, 2), { instanceOf: UsageError });
  t.throws(() => projectToPlane([1, NaN, 3, 4], 2, 2), { instanceOf: UsageError, message: /NaN in row 0/ });
});

const python = '/usr/bin/python3';
const noNumpy = spawnSync(python, ['-c', 'import numpy']).status !== 0;
(noNumpy ? test.skip : test)(
  `the same plane as numpy's singular value decomposition${noNumpy ? ` (no numpy in ${python})` : ''}`,
  (t) => {
    const [n, d] = [200, 64];
    const x = numbers(n * d, 1).map((value, i) => value / (1 + (i % d)));
    const script = `import json, sys, numpy as np
x = np.array(json.load(sys.stdin)).reshape(${n}, ${d}); x -= x.mean(0)
u, s, v = np.linalg.svd(x, full_matrices=False)
print(json.dumps([(x @ v[p] * np.sign(v[p][np.abs(v[p]).argmax()])).tolist() for p in (0, 1)]))`;
    const { stdout } = spawnSync(python, ['-c', script], { input: JSON.stringify([...x]), encoding: 'utf8' });
    const expected = JSON.parse(stdout) as number[][];
    const { points } = projectToPlane(x, n, d);
    points.forEach((value, i) => t.true(Math.abs(value - expected[i % 2][Math.floor(i / 2)]) < 1e-8));
  },
);
