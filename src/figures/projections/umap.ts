import { UMAP } from 'umap-js';
import { UsageError } from '../../errors.js';
import { projectToPlane } from './principal-components.js';
import { nearestNeighbors } from '../../evaluation/nearest-neighbors.js';
import { RandomStream } from '../../random/stream.js';

export interface UmapOptions {
  /** The number of neighbours that place a point: few show fine structure, many the overall structure. */
  neighbors?: number;
  /** The least distance between points in the plane. */
  minDistance?: number;
  /** Steps of the layout; default: 500, or 200 from 10,000 points on. */
  epochs?: number;
  seed?: number;
}

const defaults = { neighbors: 15, minDistance: 0.1, seed: 0 };

/**
 * Places points in the plane so that neighbours stay neighbours. It is the UMAP of umap-js with exact neighbours, the
 * principal components as its start, and random numbers from a stream: the same seed gives the same map. Distances
 * between groups mean little.
 *
 * After McInnes, Healy, Melville, *UMAP: Uniform manifold approximation and projection*, 2018.
 *
 * @param rows `[n, size] float32`
 * @returns `[n, 2] float64`
 * @throws UsageError where there are no more rows than neighbours
 */
export function umap(rows: Float32Array, size: number, options: UmapOptions = {}): Float64Array {
  const { neighbors, minDistance, epochs, seed } = { ...defaults, ...options };
  const n = rows.length / size;
  if (!(Number.isInteger(neighbors) && neighbors >= 2 && neighbors < n))
    throw new UsageError(`invalid neighbors: ${neighbors}; give an integer from 2 to ${n - 1} for ${n} points`);
  const near = nearestNeighbors(rows, size, { k: neighbors - 1, excludeSelf: true });
  // umap-js counts a point as the nearest of its own neighbours.
  const list = (values: ArrayLike<number>, i: number, own: number): number[] => [
    own,
    ...Array.from({ length: neighbors - 1 }, (_, k) => values[i * (neighbors - 1) + k]),
  ];
  const stream = new RandomStream(seed, 'umap');
  const layout = new UMAP({
    nNeighbors: neighbors,
    minDist: minDistance,
    ...(epochs === undefined ? {} : { nEpochs: epochs }),
    random: () => stream.uniform(),
  });
  const all = Array.from({ length: n }, (_, i) => i);
  layout.setPrecomputedKNN(
    all.map((i) => list(near.indexes, i, i)),
    all.map((i) => list(near.distances, i, 0)),
  );
  const steps = layout.initializeFit(all.map((i) => Array.from(rows.subarray(i * size, (i + 1) * size))));
  const placed = layout.getEmbedding();
  const { points } = projectToPlane(rows, n, size);
  const greatest = points.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const radius = Math.min(10, Math.sqrt(n) / 4);
  if (greatest > 0)
    // The start has about the size of UMAP's own layout of so few points: groups without common neighbours stay there.
    placed.forEach((point, i) => {
      // A little of the random start keeps equal rows apart.
      for (const axis of [0, 1]) point[axis] = (radius * points[2 * i + axis]) / greatest + 1e-3 * point[axis];
    });
  for (let step = 0; step < steps; step++) layout.step();
  const end = layout.getEmbedding();
  return Float64Array.from({ length: 2 * n }, (_, at) => end[at >> 1][at % 2]);
}
