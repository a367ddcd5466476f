import { broadcast_util, util, type TensorInfo } from '../../../tf.js';
import { addressOf, floatsOf } from '../heap.js';
import { machineOf } from '../machine.js';
import type { Operand } from '../gemm/gemm.js';
import type { Call } from './kernel.js';
import { rowTable } from './row-table.js';

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Returns, for each matrix of the result, the index of the matrix of `shape` that broadcasting puts there. */
function broadcastIndexes(shape: readonly number[], result: readonly number[]): number[] {
  let indexes = [0];
  let stride = util.sizeFromShape([...shape]);
  result.forEach((size, axis) => {
    const own = shape[axis - (result.length - shape.length)] ?? 1;
    stride /= own;
    const step = own === 1 ? 0 : stride;
    indexes = indexes.flatMap((index) => Array.from({ length: size }, (_, i) => index + i * step));
  });
  return indexes;
}

/**
 * Computes BatchMatMul: C = op(A) op(B), [..., m, k] x [..., k, n] -> [..., m, n] float32, where op transposes the last
 * two axes or does nothing.
 *
 * The stock kernel is slow for transposed and for batched operands. It also packs B once for each tensor, even if B is
 * reshaped later: the product is then wrong.
 */
export function batchMatMul({ inputs, backend, attrs }: Call<'a' | 'b', Attributes>): TensorInfo {
  const { a, b } = inputs;
  const { transposeA, transposeB } = attrs;
  if (a.dtype !== 'float32' || b.dtype !== 'float32')
    throw new Error(`matMul of ${a.dtype} and ${b.dtype}: the wasm engine multiplies float32 only`);
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  if (inner !== k) throw new Error(`matMul: inner dimensions differ: [${a.shape.join()}] and [${b.shape.join()}]`);
  const outer = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const result = backend.makeOutput([...outer, m, n], 'float32');
  if (util.sizeFromShape(result.shape) === 0) return result;
  if (k === 0) {
    floatsOf(backend, result).fill(0);
    return result;
  }
  machineOf(backend).compute((workspace) => {
    const left = rowTable(workspace, rowsA, columnsA);
    const right = rowTable(workspace, rowsB, columnsB);
    const rows = rowTable(workspace, m, n);
    // Each matrix is one object, so that a broadcast B is packed once.
    const matrices = new Map<number, Operand[]>();
    const matrixB = (index: number): Operand[] => {
      const base = addressOf(backend, b) + index * k * n * 4;
      const known = matrices.get(index) ?? [{ by: transposeB ? 'columns' : 'rows', table: right, base }];
      matrices.set(index, known);
      return known;
    };
    const indexesB = broadcastIndexes(b.shape.slice(0, -2), outer);
    const items = broadcastIndexes(a.shape.slice(0, -2), outer).map((index, i) => ({
      a: [
        { by: transposeA ? 'rows' : 'columns', table: left, base: addressOf(backend, a) + index * m * k * 4 } as const,
      ],
      b: matrixB(indexesB[i]),
      c: { table: rows, base: addressOf(backend, result) + i * m * n * 4 },
    }));
    return { m, n, depths: [k], items };
  });
  return result;
}
