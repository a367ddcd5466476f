import { threadCount } from '../../src/engine/machine.js';
import { ourChild } from './child.js';
import { chosenEngines } from './engines.js';
import { SIDE } from './network.js';
import { compared, isQuick, medianOf, numberOf, Rows, type Options, type Report } from './report.js';
import { Rival } from './rival.js';
import { inTurns, limitsOf } from './rounds.js';
import { median } from './statistics.js';

// Each convolution of ResNet-50 in GFLOP/s: value and both gradients, in turns with PyTorch eager in its two memory
// formats. Options: engines=torch-cpu rows=8 rounds=5 seconds=5 (for each row). ONEDNN_MAX_CPU_ISA=AVX2 with
// OPENBLAS_CORETYPE=Zen imitates a processor with AVX2 alone.

export interface Convolution {
  readonly inputs: number;
  readonly outputs: number;
  readonly filter: number;
  readonly stride: number;
  /** Height and width of the input. */
  readonly size: number;
}

export const parts = ['forward', 'input', 'filter'] as const;

export interface Question {
  readonly engine: string;
  readonly convolution: Convolution;
  readonly rows: number;
  readonly part: (typeof parts)[number];
}

export interface Answer {
  readonly seconds: number;
}

const defaults = { rows: 8, rounds: 5, seconds: 5 };
const quick = { rows: 1, rounds: 1 };

/** Those of ResNet-50, with how often it has each. */
function convolutions(): { convolution: Convolution; count: number }[] {
  const found = new Map<string, { convolution: Convolution; count: number }>();
  const add = (inputs: number, outputs: number, filter: number, stride: number, size: number): void => {
    const convolution = { inputs, outputs, filter, stride, size };
    const key = JSON.stringify(convolution);
    found.set(key, { convolution, count: (found.get(key)?.count ?? 0) + 1 });
  };
  add(3, 64, 7, 2, SIDE);
  let [inputs, size] = [64, SIDE / 4];
  for (const [stage, blocks] of [3, 4, 6, 3].entries())
    for (let block = 0; block < blocks; block++) {
      const [width, stride] = [64 * 2 ** stage, block === 0 && stage > 0 ? 2 : 1];
      add(inputs, width, 1, 1, size);
      add(width, width, 3, stride, size);
      if (block === 0) add(inputs, 4 * width, 1, stride, size);
      size /= stride;
      add(width, 4 * width, 1, 1, size);
      inputs = 4 * width;
    }
  return [...found.values()];
}

/** GFLOP/s of each, and milliseconds of all of a network's. */
export async function benchmarkConvolutions(options: Options): Promise<Report> {
  const rows = numberOf(options, 'rows', defaults.rows, quick.rows);
  const notes = new Set([
    "PyTorch's formats: NCHW is contiguous, NHWC channels_last; ratios are to the contiguous one",
  ]);
  const limits = limitsOf(options, notes, defaults, quick);
  const report = new Rows();
  const all = isQuick(options) ? convolutions().slice(0, 2) : convolutions();
  for (const engine of await chosenEngines(options, notes)) {
    const child = ourChild('convolutions-child.ts');
    const rival = new Rival('convolutions.py', ['torch'], notes);
    try {
      for (const part of parts) {
        let [ours, nchw, nhwc] = [0, 0, 0];
        for (const { convolution, count } of all) {
          const { inputs, outputs, filter, stride, size } = convolution;
          if (part === 'input' && inputs === 3) continue; // nobody wants the gradient of pictures
          const question: Question = { engine, convolution, rows, part };
          const given = { convolution, rows, part, threads: threadCount() };
          const run = () => child.ask<Answer>(question);
          const theirs = async () => {
            const contiguous = await rival.ask<Answer>({ ...given, format: 'contiguous' }, 'PyTorch');
            const last = await rival.ask<Answer>({ ...given, format: 'channels_last' }, 'PyTorch');
            return contiguous && last && { contiguous: contiguous.seconds, last: last.seconds };
          };
          await run();
          await theirs(); // warms up
          const turns = await inTurns(run, theirs, limits);
          const seconds = turns.ours.map((one) => one.seconds);
          const flops = 2 * rows * (size / stride) ** 2 * filter ** 2 * inputs * outputs;
          ours += 1000 * count * median(seconds);
          const beside = turns.theirs.length > 0;
          if (beside) nchw += 1000 * count * medianOf(turns.theirs, 'contiguous');
          if (beside) nhwc += 1000 * count * medianOf(turns.theirs, 'last');
          report.add({
            'GFLOP/s of': `${filter}x${filter}, ${inputs} -> ${outputs}, ${rows} x ${size} x ${size}${stride > 1 ? `, stride ${stride}` : ''}`,
            engine,
            part,
            times: count,
            ours: flops / median(seconds) / 1e9,
            ...(beside && { NCHW: flops / medianOf(turns.theirs, 'contiguous') / 1e9 }),
            ...(beside && { NHWC: flops / medianOf(turns.theirs, 'last') / 1e9 }),
            ...compared(seconds, turns.theirs.map((one) => one.contiguous)), // prettier-ignore
          });
        }
        report.add({ 'ms of all': part, engine, ours, ...(nchw > 0 && { NCHW: nchw, NHWC: nhwc }) });
      }
    } finally {
      await Promise.all([child.close(), rival.close()]);
    }
  }
  if (isQuick(options)) notes.add('quick: the numbers mean nothing');
  return { rows: report.rows, notes: [...notes] };
}
