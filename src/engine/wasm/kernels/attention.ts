import type { TensorInfo } from '../../../tf.js';
import type { Operand } from '../gemm/gemm.js';
import { addressOf, type WasmBackend } from '../heap.js';
import { runLayers } from '../layers/functions.js';
import { machineOf } from '../machine.js';
import { rowTable } from './row-table.js';

const FLOAT = 4;

/**
 * Multiplies matrices of all heads of a batch at once, where they lie. Of a matrix [batch rows, parts heads size] a head
 * has some columns; of squares [batch heads, rows, rows] it has one.
 */
class Heads {
  readonly rows: number;
  readonly size: number;

  constructor(
    private readonly backend: WasmBackend,
    qkv: TensorInfo,
    readonly batch: number,
    readonly heads: number,
  ) {
    this.rows = qkv.shape[0] / batch;
    this.size = qkv.shape[1] / (3 * heads);
  }

  /** The scale of the scores, 1 / sqrt(size). */
  get factor(): number {
    return 1 / Math.sqrt(this.size);
  }

  /** Weights, or their gradient: [batch heads, rows, rows]. */
  squares(): TensorInfo {
    return this.backend.makeOutput([this.batch * this.heads, this.rows, this.rows], 'float32');
  }

  /** A matrix [batch rows, parts heads size]. */
  matrix(parts: number): TensorInfo {
    return this.backend.makeOutput([this.batch * this.rows, parts * this.heads * this.size], 'float32');
  }

  /** Computes C = A B for each head, of whose factors either may be transposed. */
  multiply(a: Factor, b: Factor, c: Place): void {
    const { rows, size } = this;
    const square = ({ part }: Place): boolean => part === undefined;
    const k = square(a) || a.transposed === true ? rows : size;
    machineOf(this.backend).compute((workspace) => {
      const table = ({ tensor }: Place): number => rowTable(workspace, rows, tensor.shape[tensor.shape.length - 1]);
      const tables = { a: table(a), b: table(b), c: table(c) };
      const items = Array.from({ length: this.batch * this.heads }, (_, at) => {
        const left: Operand = { by: a.transposed ? 'rows' : 'columns', table: tables.a, base: this.base(a, at) };
        const right: Operand = { by: b.transposed ? 'columns' : 'rows', table: tables.b, base: this.base(b, at) };
        return { a: [left], b: [right], c: { table: tables.c, base: this.base(c, at) } };
      });
      return { m: rows, n: square(c) ? rows : size, depths: [k], items };
    });
  }

  /** Returns the address of head `at` of all heads of the batch. */
  private base({ tensor, part }: Place, at: number): number {
    const { rows, size, heads } = this;
    const start = addressOf(this.backend, tensor);
    if (part === undefined) return start + at * rows * rows * FLOAT;
    const picture = Math.floor(at / heads);
    const width = tensor.shape[tensor.shape.length - 1];
    return start + (picture * rows * width + (part * heads + (at % heads)) * size) * FLOAT;
  }
}

/** A matrix of all heads with the part that is meant: 0 queries, 1 keys, 2 values. Without a part it is squares. */
interface Place {
  readonly tensor: TensorInfo;
  readonly part?: number;
}

interface Factor extends Place {
  readonly transposed?: true;
}

/** Computes softmax(q k^T / sqrt(size)) v of all heads: y, and the weights that the softmax gives. */
export function attention(
  backend: WasmBackend,
  qkv: TensorInfo,
  { batch, heads }: { batch: number; heads: number },
): TensorInfo[] {
  const all = new Heads(backend, qkv, batch, heads);
  const [y, weights] = [all.matrix(1), all.squares()];
  all.multiply({ tensor: qkv, part: 0 }, { tensor: qkv, part: 1, transposed: true }, { tensor: weights });
  const at = addressOf(backend, weights);
  runLayers(backend, ['softmax', at, at, batch * heads * all.rows, all.rows, all.factor]);
  all.multiply({ tensor: weights }, { tensor: qkv, part: 2 }, { tensor: y, part: 0 });
  return [y, weights];
}

/** Computes the gradient of `attention` with respect to queries, keys and values. */
export function attentionGradient(
  backend: WasmBackend,
  { dy, qkv, weights }: { dy: TensorInfo; qkv: TensorInfo; weights: TensorInfo },
  { batch, heads }: { batch: number; heads: number },
): TensorInfo {
  const all = new Heads(backend, qkv, batch, heads);
  const [result, scores] = [all.matrix(3), all.squares()];
  all.multiply({ tensor: dy, part: 0 }, { tensor: qkv, part: 2, transposed: true }, { tensor: scores });
  const at = addressOf(backend, scores);
  const rows = batch * heads * all.rows;
  runLayers(backend, ['softmaxGradient', at, addressOf(backend, weights), at, rows, all.rows, all.factor]);
  all.multiply({ tensor: scores }, { tensor: qkv, part: 1 }, { tensor: result, part: 0 });
  all.multiply({ tensor: scores, transposed: true }, { tensor: qkv, part: 0 }, { tensor: result, part: 1 });
  all.multiply({ tensor: weights, transposed: true }, { tensor: dy, part: 0 }, { tensor: result, part: 2 });
  backend.disposeData(scores.dataId);
  return result;
}
