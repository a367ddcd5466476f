import { readFileSync } from 'node:fs';
import test from 'ava';
import { toFloat32, type NdArray } from '../../../src/formats/nd-array.js';
import { readNpz } from '../../../src/formats/npz.js';
import { fromAugregViT } from '../../../src/backbones/weights/augreg-vit.js';
import { counting, refusal } from './folders.js';

interface Tiny {
  img_size: number;
  patch_size: number;
  embed_dim: number;
  depth: number;
  num_heads: number;
  /** `[b, 3, side, side]`, flat. */
  input: number[];
  class_token: number[][];
  logits: number[][];
}

const arrays = readNpz('test/golden/formats/augreg_tiny.npz');
const tiny = JSON.parse(readFileSync('test/golden/formats/augreg_tiny.json', 'utf8')) as Tiny;
type Rows = number[][];

const floats = (array: NdArray): number[] => Array.from(toFloat32(array));
/** x W^T + b with PyTorch's `W [out, in]`. */
function linear(x: Rows, weight: NdArray, bias: NdArray): Rows {
  const [w, b] = [floats(weight), floats(bias)];
  const inputs = weight.shape[1];
  return x.map((row) => b.map((value, out) => row.reduce((sum, v, i) => sum + v * w[out * inputs + i], value)));
}

function layerNorm(x: Rows, weight: NdArray, bias: NdArray): Rows {
  const [w, b] = [floats(weight), floats(bias)];
  return x.map((row) => {
    const mean = row.reduce((sum, v) => sum + v, 0) / row.length;
    const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / row.length;
    return row.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-6)) * w[i] + b[i]);
  });
}

/** Abramowitz and Stegun 7.1.26 would not do: the series converges to all digits where it is needed. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let [sum, term] = [x, x];
  for (let n = 1; n < 150; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const gelu = (x: Rows): Rows => x.map((row) => row.map((v) => (v / 2) * (1 + erf(v / Math.SQRT2))));
const add = (x: Rows, y: Rows): Rows => x.map((row, i) => row.map((v, k) => v + y[i][k]));

/** timm's attention: rows of qkv are [3, heads, size]. */
function attention(qkv: Rows, heads: number): Rows {
  const width = qkv[0].length / 3;
  const size = width / heads;
  const part = (row: number[], which: number, head: number) =>
    row.slice(which * width + head * size, which * width + (head + 1) * size);
  return qkv.map((row) =>
    Array.from({ length: heads }, (_, head) => {
      const query = part(row, 0, head);
      const scores = qkv.map(
        (other) => part(other, 1, head).reduce((sum, v, i) => sum + v * query[i], 0) / Math.sqrt(size),
      );
      const weights = scores.map((score) => Math.exp(score - Math.max(...scores)));
      const total = weights.reduce((sum, v) => sum + v, 0);
      return query.map((_, k) =>
        qkv.reduce((sum, other, j) => sum + (weights[j] / total) * part(other, 2, head)[k], 0),
      );
    }).flat(),
  );
}

/** The class token of a picture of the batch, by timm's names. */
function forward(w: Readonly<Record<string, NdArray>>, picture: number): number[] {
  const { patch_size: patch, img_size: side, depth, num_heads: heads } = tiny;
  const patches: Rows = [];
  const row = (channel: number, y: number, x: number): number[] => {
    const start = ((picture * 3 + channel) * side + y) * side + x;
    return tiny.input.slice(start, start + patch);
  };
  for (let y = 0; y < side; y += patch)
    for (let x = 0; x < side; x += patch)
      patches.push(
        [0, 1, 2].flatMap((channel) => Array.from({ length: patch }, (_, i) => row(channel, y + i, x)).flat()),
      );
  const { 'patch_embed.proj.weight': filter, 'patch_embed.proj.bias': bias } = w;
  const flat = { ...filter, shape: [filter.shape[0], filter.data.length / filter.shape[0]] };
  const positions = floats(w['pos_embed']);
  const width = tiny.embed_dim;
  let x = [floats(w['cls_token']), ...linear(patches, flat, bias)];
  x = x.map((row, i) => row.map((v, k) => v + positions[i * width + k]));
  for (let b = 0; b < depth; b++) {
    const at = (name: string): [NdArray, NdArray] => [w[`blocks.${b}.${name}.weight`], w[`blocks.${b}.${name}.bias`]];
    x = add(x, linear(attention(linear(layerNorm(x, ...at('norm1')), ...at('attn.qkv')), heads), ...at('attn.proj')));
    x = add(x, linear(gelu(linear(layerNorm(x, ...at('norm2')), ...at('mlp.fc1'))), ...at('mlp.fc2')));
  }
  return layerNorm(x, w['norm.weight'], w['norm.bias'])[0];
}

test("augreg arrays under timm's names give timm's class tokens and logits", (t) => {
  const { tensors, dropped } = fromAugregViT(arrays, 'augreg_tiny.npz');
  t.deepEqual([...dropped].sort(), ['head/bias', 'head/kernel']);
  const head = floats(arrays.get('head/kernel')!);
  const bias = floats(arrays.get('head/bias')!);
  tiny.class_token.forEach((expected, i) => {
    const token = forward(tensors, i);
    token.forEach((value, k) => t.true(Math.abs(value - expected[k]) < 2e-5, `${i} ${k}`));
    const logits = bias.map((value, c) => token.reduce((sum, v, k) => sum + v * head[k * bias.length + c], value));
    logits.forEach((value, c) => t.true(Math.abs(value - tiny.logits[i][c]) < 2e-5, `logit ${c}`));
  });
});

test("shapes are PyTorch's, and the optimizer's prefix of older files goes", (t) => {
  const { tensors } = fromAugregViT(arrays, 'a');
  t.deepEqual(tensors['patch_embed.proj.weight'].shape, [32, 3, 8, 8]);
  t.deepEqual(tensors['pos_embed'].shape, [1, 17, 32]);
  t.deepEqual(tensors['blocks.1.attn.qkv.weight'].shape, [96, 32]);
  t.deepEqual(tensors['blocks.1.mlp.fc1.weight'].shape, [128, 32]);
  t.is(Object.keys(tensors).length, 4 + 2 + 2 * 12);
  const older = new Map([...arrays].map(([name, array]) => [`opt/target/${name}`, array]));
  t.deepEqual(fromAugregViT(older, 'a').tensors, tensors);
});

test('what is foreign, or missing beside a query, is refused by name', async (t) => {
  const changed = (change: (map: Map<string, NdArray>) => void) => {
    const map = new Map(arrays);
    change(map);
    return refusal(t, () => fromAugregViT(map, 'b.npz'));
  };
  const key = 'Transformer/encoderblock_1/MultiHeadDotProductAttention_1/key/kernel';
  t.regex(await changed((map) => map.set('conv_root/kernel', counting([1]))), /it has conv_root\/kernel/);
  t.regex(
    await changed((map) => map.set('Transformer/encoderblock_0/Gate/kernel', counting([1]))),
    /it has Transformer\/encoderblock_0\/Gate/,
  );
  t.regex(await changed((map) => map.set('cls', counting([32]))), /it has cls;/);
  t.regex(await changed((map) => map.delete(key)), /has no key of its query's shape/);
  t.regex(await changed((map) => map.set(key, counting([32, 2, 8]))), /has no key of its query's shape/);
  t.regex(await changed((map) => map.clear()), /it has none of its tensors/);
});
