import type { WasmBackend } from '../heap.js';
import { machineOf } from '../machine.js';
import * as layout from './layout.js';

/** How a function's work can be cut among threads: the parameter that counts it, and the addresses that move with it. */
interface Cut {
  readonly count: number;
  /** Indexes of addresses that move by one row for each that is counted; of those that move by one number. */
  readonly rows?: readonly number[];
  readonly numbers?: readonly number[];
  /** The parameter that says how many numbers belong to each that is counted; 1 without it. */
  readonly length?: number;
  /** Parts are multiples of this. */
  readonly unit?: number;
}

/** Columns of a cache line: columns that lie together are summed together. */
const LINE = 16;

/** The functions of ../assembly/layers, and how each is cut. Sums over rows are cut by columns, so that no sum is. */
const functions = {
  adam: [layout.ADAM, { count: 7, numbers: [0, 1, 2, 3, 4, 5, 6] }],
  affine: [layout.AFFINE, { count: 5, rows: [0, 3, 4], length: 6 }],
  averagePoolGradient: [layout.AVERAGE_POOL_GRADIENT],
  combine: [layout.COMBINE, { count: 6, rows: [0, 1, 5], length: 7 }],
  gelu: [layout.GELU, { count: 2, numbers: [0, 1], unit: 4 }],
  geluGradient: [layout.GELU_GRADIENT, { count: 3, numbers: [0, 1, 2], unit: 4 }],
  layerNorm: [layout.LAYER_NORM, { count: 6, rows: [0, 3], numbers: [4, 5], length: 7 }],
  layerNormGradient: [layout.LAYER_NORM_GRADIENT],
  maskedSums: [layout.MASKED_SUMS, { count: 9, numbers: [0, 1, 2, 3, 4, 5, 6], length: 7, unit: LINE }],
  maxPoolGradient: [layout.MAX_POOL_GRADIENT],
  scaledGradient: [layout.SCALED_GRADIENT, { count: 7, numbers: [0, 1, 2, 3, 4], length: 5, unit: LINE }],
  softmax: [layout.SOFTMAX, { count: 2, rows: [0, 1], length: 3 }],
  softmaxGradient: [layout.SOFTMAX_GRADIENT, { count: 3, rows: [0, 1, 2], length: 4 }],
  squares: [layout.SQUARES, { count: 5, numbers: [0, 1, 2], length: 3, unit: LINE }],
} as const satisfies Record<string, readonly [number, Cut?]>;

/** Names a function and its parameters: addresses, 0 where an operand is not given, and sizes. */
export type LayerCall = readonly [name: keyof typeof functions, ...parameters: number[]];

/** Numbers below which waking other threads costs more than it saves. */
const WORTH_HELP = 2 ** 15;
/** Parts wanted for each thread, so that no thread waits long for the last one. */
const PARTS_PER_THREAD = 3;

/** Cuts a call into parts for threads. */
function parts(parameters: readonly number[], cut: Cut, wanted: number): number[][] {
  const { count, rows = [], numbers = [], length, unit = 1 } = cut;
  const whole = parameters[count];
  const size = Math.ceil(whole / wanted / unit) * unit;
  return Array.from({ length: Math.ceil(whole / size) }, (_, part) => {
    const from = part * size;
    const own = [...parameters];
    own[count] = Math.min(size, whole - from);
    const move = (index: number, by: number): void => {
      if (own[index] !== 0) own[index] += from * by * 4;
    };
    for (const index of rows) move(index, length === undefined ? 1 : parameters[length]);
    for (const index of numbers) move(index, 1);
    return own;
  });
}

/** Calls functions of layers, with the backend's threads where that pays; calls must not depend on each other. */
export function runLayers(backend: WasmBackend, ...calls: readonly LayerCall[]): void {
  const machine = machineOf(backend);
  const { threads } = machine.pool;
  let work = 0;
  const all = calls.flatMap(([name, ...parameters]) => {
    const [number, cut] = functions[name] as readonly [number, Cut?];
    const each = cut?.length === undefined ? 1 : parameters[cut.length];
    const size = cut === undefined ? WORTH_HELP : parameters[cut.count] * each;
    work += size;
    const cuts = cut === undefined || threads === 1 || size <= WORTH_HELP;
    return (cuts ? [parameters] : parts(parameters, cut, threads * PARTS_PER_THREAD)).map((own) => [number, ...own]);
  });
  machine.call(all, work > WORTH_HELP && all.length > 1);
}
