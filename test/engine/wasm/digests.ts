// Prints, as JSON, whether wide vectors are used here, and digests of what the kernels compute.
import { createHash } from 'node:crypto';
import { createBackend } from '../../../src/engine/wasm/backend.js';
import { usesWideVectors } from '../../../src/engine/wasm/wide-vectors.js';
import { ProductMachine } from '../../../src/engine/wasm/gemm/gemm.js';
import { layerFunctions } from './layer-functions.js';
import { heapOf, multiply } from './products.js';

const digest = (...results: Float32Array[]): string => {
  const hash = createHash('sha256');
  for (const { buffer } of results) hash.update(new Uint8Array(buffer));
  return hash.digest('hex');
};
const heap = heapOf(false);
const machine = new ProductMachine(heap, 1);
const products = [
  [5, [3, 1, 4], 9],
  [70, [319, 2, 320, 7], 21],
  [131, [30, 30], 600],
] as const;
const digests = Object.fromEntries([
  ...products.map(([m, depths, n]) => [`${m} x ${depths.join('+')} x ${n}`, digest(multiply(machine, heap, m, [...depths], n).actual)]), // prettier-ignore
  ...Object.entries(layerFunctions(await createBackend(false))).map(([name, compute]) => [name, digest(...compute())]),
]) as Record<string, string>;
console.log(JSON.stringify({ wide: usesWideVectors(), digests }));
