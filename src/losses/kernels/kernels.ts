import { kernelModule } from '../../assets.js';

const PAGE = 65536; // bytes; the first page holds the kernels' own tables
const FLOAT = 4; // bytes
const ALIGNMENT = 64; // bytes

type Address = number;
/** Is the address of a matrix of pairs, `[width, width] float32`: src/losses/kernels/assembly/distillation/pairs.ts. */
export type Matrix = Address;

/** Declares what dist/wasm/distillation.wasm exports; src/losses/kernels/assembly/distillation describes it. */
export interface LossKernels {
  pack(rows: Address, n: number, stride: number, panels: Address): void;
  similarities(panels: Address, n: number, stride: number, width: number, out: Matrix): void;
  squaredDifferences(panels: Address, n: number, stride: number, width: number, out: Matrix): void;
  addDistances(s: Matrix, n: number, width: number, scale: number, d: Matrix, norms: Address): void;
  bySquares(d: Matrix, n: number, width: number, g: Matrix): void;
  gradientOfSimilarities(
    rows: Address,
    n: number,
    stride: number,
    width: number,
    g: Matrix,
    scale: number,
    out: Address,
    scratch: Address,
  ): void;
  gradientOfSquares: LossKernels['gradientOfSimilarities'];

  inverseRoots(q: Matrix, floats: number, r: Matrix): void;
  angles(
    q: Matrix,
    r: Matrix,
    tq: Matrix,
    tr: Matrix,
    teachers: number,
    n: number,
    width: number,
    g: Matrix,
    scratch: Address,
  ): number;
  relativeDistances(d: Matrix, teachers: Matrix, n: number, width: number, g: Matrix): number;

  classPairs(classes: Address, n: number, width: number, itself: boolean, w: Matrix, v: Matrix): void;
  pairWeights(d: Matrix, n: number, width: number, tau: number, squared: boolean, w: Matrix, v: Matrix): void;
  sum(matrix: Matrix, n: number, width: number): number;
  relaxedContrastive(d: Matrix, w: Matrix, v: Matrix, n: number, width: number, margin: number, g: Matrix): number;
  contrastive(
    d: Matrix,
    w: Matrix,
    v: Matrix,
    n: number,
    width: number,
    positive: number,
    negative: number,
    g: Matrix,
  ): number;
  nce(
    s: Matrix,
    w: Matrix,
    v: Matrix,
    n: number,
    width: number,
    tau: number,
    own: number,
    shift: number,
    g: Matrix,
    scratch: Address,
  ): number;
  multiSimilarity(
    s: Matrix,
    w: Matrix,
    v: Matrix,
    n: number,
    width: number,
    margin: number,
    alpha: number,
    beta: number,
    strict: boolean,
    g: Matrix,
    scratch: Address,
  ): number;

  relationFactors(d: Matrix, n: number, width: number, tau: number, margin2: number, a: Matrix, b: Matrix): void;
  sumOfWeights(): number;
  hingesByPairs(d: Matrix, a: Matrix, b: Matrix, n: number, width: number, margin: number, g: Matrix): number;
  hingesByRelations: LossKernels['hingesByPairs'];
  hingesByVotes(
    d: Matrix,
    teachers: Matrix,
    count: number,
    teacherMargin: number,
    n: number,
    width: number,
    margin: number,
    g: Matrix,
    mask: Address,
  ): number;
  semihardByPairs(
    d: Matrix,
    a: Matrix,
    b: Matrix,
    pairs: Matrix,
    n: number,
    width: number,
    margin: number,
    hard: boolean,
    threshold: number,
    g: Matrix,
    scratch: Address,
  ): number;
  semihardByRelations: LossKernels['semihardByPairs'];

  regressionSpan(d: Matrix, teachers: Matrix, n: number, width: number, tau: number, beta: number): number;
  regression(
    d: Matrix,
    teachers: Matrix,
    n: number,
    width: number,
    tau: number,
    beta: number,
    g: Matrix,
    scratch: Address,
  ): number;
  regressionStepwise(
    d: Matrix,
    teachers: Matrix,
    n: number,
    width: number,
    tau: number,
    beta: number,
    g: Matrix,
  ): number;
}

/** Holds the kernels and their memory, which is reserved block by block and freed all at once. */
export class LossMemory {
  readonly kernels: LossKernels;
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private end = PAGE;

  constructor() {
    this.kernels = new WebAssembly.Instance(kernelModule('distillation'), { env: { memory: this.memory } })
      .exports as unknown as LossKernels;
  }

  /** Returns the bytes held. */
  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Frees all blocks. */
  clear(): void {
    this.end = PAGE;
  }

  /** Reserves floats, all 0, and returns their address. */
  reserve(floats: number): Address {
    const address = this.end;
    this.end += Math.ceil((floats * FLOAT) / ALIGNMENT) * ALIGNMENT;
    if (this.end > this.bytes) this.memory.grow(Math.ceil((this.end - this.bytes) / PAGE));
    this.floats(address, floats).fill(0);
    return address;
  }

  /** Returns a view of floats, valid until the next call of `reserve`. */
  floats(address: Address, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** Returns a view of integers, valid until the next call of `reserve`. */
  integers(address: Address, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }
}
