import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { makeBackbone } from '../../src/backbones/index.js';
import type { NetworkConfiguration, TrainingConfiguration } from '../../src/configuration/index.js';
import { makeLossAtEmbeddings } from '../../src/engine/fused/losses/index.js';
import { chooseEngine } from '../../src/engine/index.js';
import { optimizers } from '../../src/optimizers/index.js';
import { Stream } from '../../src/random/stream.js';
import { gradientInPieces, type Piece } from '../../src/training/micro-batches.js';
import { microBatchSize } from '../../src/training/micro-batch-size.js';
import { peakMiB } from './machine.js';
import { python, resultOf } from './python.js';
import type { Options, Report, Row } from './report.js';

// Training steps of the networks with rkd on pictures of 224 x 224, batch normalisation frozen: one piece of a batch in
// turns with plain PyTorch, and the whole step of a batch of the paper's size. Options: networks=ResNet50,ViT
// engine=wasm rows=8 whole=172 (no: none) rounds=2.

const SIDE = 224;
const WIDTH = 128;
const networks = ['ResNet50', 'Inception', 'ViT', 'ViTS'] as const;
type Network = (typeof networks)[number];

/** More would not fit beside PyTorch, which keeps a whole batch. */
const defaults = { engine: 'wasm', rows: 8, whole: 172, rounds: 2 };

interface Measured {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMiB: number;
  readonly program?: string;
  readonly piece?: number;
}

/** One step after one to warm up, in a process of its own so that its peak memory is the step's. */
async function step(name: Network, rows: number, warm: boolean, engineName: string): Promise<Measured> {
  const engine = await chooseEngine({ useGpu: false, engine: engineName });
  const network: NetworkConfiguration = { name, embedding_size: WIDTH, frozen_variables: 'bn' };
  const model = { ...network, loss_type: 'rkd', metric_mode: 'mP@1/max' } as const;
  const backbone = makeBackbone(network, { stream: new Stream(0, 'start') });
  const configuration = { optimization: {}, dataset: { batch_size: rows }, model } as TrainingConfiguration;
  const piece = microBatchSize(configuration, backbone, SIDE, engine);
  const trained = backbone.parameters.filter(({ trainable }) => trainable);
  const optimizer = optimizers.adam(
    trained.map(({ name: parameter, variable }) => ({ name: parameter, variable, weightDecay: 1e-4 })),
    { learningRate: 1e-5 },
  );
  const stream = new Stream(1, 'pictures');
  const pixels = 3 * SIDE * SIDE;
  const pieces: Piece[] = Array.from({ length: Math.ceil(rows / piece) }, (_, i) => {
    const count = Math.min(piece, rows - i * piece);
    const data = new Float32Array(count * pixels);
    stream.fillNormal(data, 0, 1);
    return { data, rows: count, size: SIDE };
  });
  const teachers = { data: new Float32Array(rows * WIDTH), count: 1, size: WIDTH };
  stream.fillNormal(teachers.data, 0, 1);
  const loss = makeLossAtEmbeddings(model, false, engine, stream);
  const at = (embeddings: Float32Array, n: number, d: number) => loss.valueAndGradient(embeddings, n, d, { teachers });
  let [start, before] = [0, process.cpuUsage()];
  for (let i = warm ? 0 : 1; i < 2; i++) {
    [start, before] = [performance.now(), process.cpuUsage()];
    const { gradients } = await gradientInPieces(backbone, pieces, { at }, () => Promise.resolve());
    optimizer.step(gradients);
    trained[0].variable.dataSync();
    tf.dispose(gradients);
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  return { seconds, processorSeconds: (user + system) / 1e6, peakMiB: peakMiB(), piece };
}

const inProcess = (name: Network, rows: number, warm: boolean, engine: string): Measured => {
  const args = ['--import', 'tsx', 'test/benchmarks/steps.ts', 'step', name, String(rows), String(warm), engine];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
};

const least = (all: readonly Measured[], key: 'seconds' | 'processorSeconds'): number =>
  Math.min(...all.map((one) => one[key]));

/** Milliseconds a picture and peak memory, the fastest of some rounds of each. */
export function benchmarkSteps(options: Options): Report {
  const chosen = (options['networks']?.split(',') ?? networks) as readonly Network[];
  const count = Number(options['rows'] ?? defaults.rows);
  const engine = options['engine'] ?? defaults.engine;
  const rounds = Number(options['rounds'] ?? defaults.rounds);
  const notes = new Set<string>([
    `random weights; ${availableParallelism()} threads, but where PyTorch has one: several wait busily, which is processor time too`,
  ]);
  const rows: Row[] = [];
  const add = (row: Row): void => {
    rows.push(row);
    console.log(JSON.stringify(row));
  };
  for (const name of chosen) {
    const [ours, theirs, single]: [Measured[], Measured[], Measured[]] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      ours.push(inProcess(name, count, true, engine));
      if (name === 'Inception') {
        notes.add('PyTorch: no Inception; torchvision has no BN-Inception');
        continue;
      }
      const [all, one] = [availableParallelism(), 1].map((threads) => {
        const outcome = python<Measured>('steps.py', ['torch', 'torchvision'], { name, rows: count, width: WIDTH, threads }); // prettier-ignore
        return resultOf(outcome, `PyTorch's ${name}`, notes);
      });
      if (all !== undefined) theirs.push(all);
      if (one !== undefined) single.push(one);
    }
    if (theirs.length > 0) notes.add(`beside ours: ${theirs[0].program}`);
    add({
      step: `${name}, ${count} pictures at once`,
      'ms a picture': (1000 * least(ours, 'seconds')) / count,
      'processor ms': (1000 * least(ours, 'processorSeconds')) / count,
      'peak MiB': ours[0].peakMiB,
      ...(theirs.length > 0 && {
        'PyTorch ms': (1000 * least(theirs, 'seconds')) / count,
        'its peak MiB': theirs[0].peakMiB,
        'PyTorch / ours': least(theirs, 'seconds') / least(ours, 'seconds'),
      }),
      ...(single.length > 0 && {
        'its processor ms, one thread': (1000 * least(single, 'processorSeconds')) / count,
        'by processor time': least(single, 'processorSeconds') / least(ours, 'processorSeconds'),
      }),
    });
  }
  if (options['whole'] !== 'no') {
    const whole = Number(options['whole'] ?? defaults.whole);
    const [name] = chosen;
    const found = inProcess(name, whole, false, engine);
    add({
      step: `${name}, rkd, whole step of ${whole} pictures, ${found.piece} at a time`,
      'ms a picture': (1000 * found.seconds) / whole,
      'processor ms': (1000 * found.processorSeconds) / whole,
      'peak MiB': found.peakMiB,
    });
  }
  return { rows, notes: [...notes] };
}

if (process.argv[2] === 'step')
  void step(process.argv[3] as Network, Number(process.argv[4]), process.argv[5] === 'true', process.argv[6]).then(
    (measured) => {
      process.stdout.write(JSON.stringify(measured), () => process.exit());
    },
  );
