import type { TeacherEmbeddings } from '../shared/mining.js';
import { LossMemory, type LossKernels, type Matrix } from './kernels.js';

const padded = (size: number, multiple: number): number => Math.ceil(size / multiple) * multiple;

/** Holds a batch's embeddings in the memory of the kernels, and computes from them what the losses need. */
export class Batch {
  readonly kernels: LossKernels;
  /** The width of a matrix of pairs. */
  readonly width: number;
  private readonly stride: number; // of a row of embeddings
  private readonly rows: number;

  /** @param embeddings `[n, d] float32` */
  constructor(
    readonly memory: LossMemory,
    readonly embeddings: Float32Array,
    readonly n: number,
    readonly d: number,
  ) {
    memory.clear();
    this.kernels = memory.kernels;
    this.width = padded(n, 16);
    this.stride = padded(d, 8);
    this.rows = this.reserveRows(this.stride);
    this.fillRows(this.rows, this.stride, (i) => embeddings.subarray(i * d, (i + 1) * d));
  }

  private reserveRows(stride: number): number {
    return this.memory.reserve(this.width * stride);
  }

  private fillRows(rows: number, stride: number, row: (i: number) => Float32Array): void {
    const view = this.memory.floats(rows, this.n * stride);
    for (let i = 0; i < this.n; i++) view.set(row(i), i * stride);
  }

  /** Reserves `count` matrices of pairs, one after the other, all 0. */
  matrix(count = 1): Matrix {
    return this.memory.reserve(count * this.width * this.width);
  }

  /** Reserves `rows` rows of a matrix of pairs. */
  scratch(rows: number): number {
    return this.memory.reserve(rows * this.width);
  }

  get matrixBytes(): number {
    return this.width * this.width * 4;
  }

  /** Returns a view of a matrix's values, `[width, width]`, valid until the next call of `matrix`. */
  values(matrix: Matrix): Float32Array {
    return this.memory.floats(matrix, this.width * this.width);
  }

  private panelsOf(rows: number, stride: number, panels = this.reserveRows(stride)): number {
    this.kernels.pack(rows, this.n, stride, panels);
    return panels;
  }

  similarities(): Matrix {
    const matrix = this.matrix();
    this.kernels.similarities(this.panelsOf(this.rows, this.stride), this.n, this.stride, this.width, matrix);
    return matrix;
  }

  distances(): Matrix {
    const { kernels, n, width } = this;
    const matrix = this.matrix();
    kernels.addDistances(this.similarities(), n, width, 1, matrix, this.scratch(1));
    return matrix;
  }

  /** Computes the squared distances, exactly 0 for equal rows. */
  squares(): Matrix {
    const matrix = this.matrix();
    this.kernels.squaredDifferences(this.panelsOf(this.rows, this.stride), this.n, this.stride, this.width, matrix);
    return matrix;
  }

  /** Calls `use` with each teacher's panels and their stride, one teacher after the other in the same memory. */
  private eachTeacher(
    { data, count, size }: TeacherEmbeddings,
    use: (panels: number, stride: number, index: number) => void,
  ): void {
    const stride = padded(size, 8);
    const [rows, panels] = [this.reserveRows(stride), this.reserveRows(stride)];
    for (let t = 0; t < count; t++) {
      this.fillRows(rows, stride, (i) => data.subarray((i * count + t) * size, (i * count + t + 1) * size));
      use(this.panelsOf(rows, stride, panels), stride, t);
    }
  }

  /** Computes the teachers' distances: with `apart` one matrix after the other, else their mean. */
  teacherDistances(teachers: TeacherEmbeddings, apart: boolean): Matrix {
    const { kernels, n, width } = this;
    const [products, norms, out] = [this.matrix(), this.scratch(1), this.matrix(apart ? teachers.count : 1)];
    this.eachTeacher(teachers, (panels, stride, t) => {
      kernels.similarities(panels, n, stride, width, products);
      const to = apart ? out + t * this.matrixBytes : out;
      kernels.addDistances(products, n, width, apart ? 1 : 1 / teachers.count, to, norms);
    });
    return out;
  }

  /** Computes the teachers' squared distances, one matrix after the other. */
  teacherSquares(teachers: TeacherEmbeddings): Matrix {
    const out = this.matrix(teachers.count);
    this.eachTeacher(teachers, (panels, stride, t) => {
      this.kernels.squaredDifferences(panels, this.n, stride, this.width, out + t * this.matrixBytes);
    });
    return out;
  }

  /** Returns `scale` x the gradient with respect to rows, `[n, d]`, given that of similarities or squared distances. */
  gradient(by: 'similarities' | 'squares', pairGradients: Matrix, scale: number): Float32Array {
    const { kernels, memory, n, d, stride, width } = this;
    const [out, scratch] = [this.reserveRows(stride), this.scratch(width + 16)];
    const kernel = by === 'squares' ? kernels.gradientOfSquares : kernels.gradientOfSimilarities;
    kernel(this.rows, n, stride, width, pairGradients, scale, out, scratch);
    const gradient = new Float32Array(n * d);
    const view = memory.floats(out, n * stride);
    for (let i = 0; i < n; i++) gradient.set(view.subarray(i * stride, i * stride + d), i * d);
    return gradient;
  }
}
