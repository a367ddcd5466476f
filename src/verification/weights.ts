import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '../tf.js';
import { fromTorch } from '../backbones/layouts.js';
import { Parameters } from '../backbones/parameters.js';
import { transformer } from '../backbones/transformer.js';
import { fromAugregViT } from '../backbones/weights/augreg-vit.js';
import { UsageError } from '../errors.js';
import { readNpz } from '../formats/npz.js';
import { toFloat32, type NdArray } from '../formats/nd-array.js';
import { readTorch } from '../formats/torch/torch-file.js';
import { RandomStream } from '../random/stream.js';
import { differs, largestDifference, outcome, type Outcome } from './outcome.js';

const TOLERANCE = 1e-4;

interface Stored {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Tiny {
  readonly img_size: number;
  readonly patch_size: number;
  readonly embed_dim: number;
  readonly depth: number;
  readonly num_heads: number;
  /** The input's values, NCHW. */
  readonly input: readonly number[];
  readonly class_token: readonly (readonly number[])[];
}

/** Checks the `.pth` files of `formats/`, hostile ones too, and the vision transformer with Flax's names. */
export function checkWeights(folder: string): Outcome[] {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const checks: Record<string, () => string | undefined> = {
    'state_zip.pth': () => compareState(readTorch(join(folder, 'state_zip.pth')), json('state.json')),
    'state_legacy.pth': () => compareState(readTorch(join(folder, 'state_legacy.pth')), json('state.json')),
    'evil_zip.pth': () => refused(join(folder, 'evil_zip.pth'), /posix\.system/),
    'evil_legacy.pth': () => refused(join(folder, 'evil_legacy.pth'), /posix\.system/),
    'truncated.pth': () => refused(join(folder, 'truncated.pth'), /cut short/),
    'augreg_tiny.npz': () =>
      compareTransformer(readNpz(join(folder, 'augreg_tiny.npz')), json('augreg_tiny.json') as Tiny),
  };
  const present = Object.entries(checks).filter(([name]) => existsSync(join(folder, name)));
  return present.map(([name, check]) => outcome(name, check));
}

function compareState(tensors: ReadonlyMap<string, NdArray>, expected: unknown): string | undefined {
  const read = [...tensors].map(([name, { dtype, shape, data }]): [string, Stored] => {
    const values = dtype === 'float16' ? toFloat32({ dtype, shape, data }) : data;
    return [name, { dtype, shape, values: Array.from(values as Float32Array, Number) }];
  });
  return differs('state dict', Object.fromEntries(read), expected);
}

function refused(file: string, reason: RegExp): string | undefined {
  try {
    readTorch(file);
  } catch (error) {
    if (!(error instanceof UsageError) || !reason.test(error.message)) throw error;
    return existsSync('evil-was-run') ? 'something of it was run' : undefined;
  }
  return 'it was read, and should be refused';
}

function compareTransformer(arrays: ReadonlyMap<string, NdArray>, tiny: Tiny): string | undefined {
  const { tensors } = fromAugregViT(arrays, 'augreg_tiny.npz');
  const parameters = new Parameters();
  const { img_size: imageSize, patch_size: patch, embed_dim: width, depth, num_heads: heads } = tiny;
  const shape = { imageSize, patch, width, depth, heads, hidden: 4 * width };
  const network = transformer(
    parameters,
    { stream: new RandomStream(0, 'unused'), trainable: false, draw: false },
    '',
    shape,
  );
  try {
    const names = parameters.parameters.map(({ name }) => name).sort();
    const wrong = differs('names', Object.keys(tensors).sort(), names);
    if (wrong !== undefined) return wrong;
    const tokens = tf.tidy(() => {
      for (const { name, variable, torch } of parameters.parameters) variable.assign(fromTorch(tensors[name], torch));
      const input = tf.tensor([...tiny.input], [tiny.class_token.length, 3, imageSize, imageSize]);
      return network(tf.transpose(input, [0, 2, 3, 1]) as tf.Tensor4D);
    });
    const read = tokens.dataSync();
    tokens.dispose();
    const difference = largestDifference(read, tiny.class_token.flat());
    return difference <= TOLERANCE ? undefined : `class tokens are off by ${difference}`;
  } finally {
    parameters.dispose();
  }
}
