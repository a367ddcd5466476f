import * as tf from '../tf.js';
import { normal, torchDefault, zero } from './initial-values.js';
import { attention } from './layers/attention.js';
import { convolution } from './layers/convolution.js';
import { gelu } from './layers/gelu.js';
import { layerNorm } from './layers/layer-norm.js';
import { affineUnit, linearUnit } from './layers/units.js';
import { filter } from './layouts.js';
import type { ParameterOptions, Parameters } from './parameters.js';

/** Says how a vision transformer is made. */
export interface TransformerShape {
  /** Side of the pictures and of the patches they are cut into. */
  readonly imageSize: number;
  readonly patch: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Size inside a block's two-layer network. */
  readonly hidden: number;
}

const EPSILON = 1e-6;
const STD = 0.02;

type Block = (x: tf.Tensor2D, batch: number) => tf.Tensor2D;

/** Makes y = x + attention(norm1(x)), then y + mlp(norm2(y)); rows are all tokens of all pictures. */
function transformerBlock(
  parameters: Parameters,
  making: ParameterOptions,
  name: string,
  { width, heads, hidden }: TransformerShape,
): Block {
  const linear = (part: string, inputs: number, outputs: number) =>
    linearUnit(parameters, making, `${name}.${part}`, inputs, outputs, normal(STD), zero);
  const norm1 = affineUnit(parameters, making, `${name}.norm1`, width);
  const qkv = linear('attn.qkv', width, 3 * width);
  const proj = linear('attn.proj', width, width);
  const norm2 = affineUnit(parameters, making, `${name}.norm2`, width);
  const fc1 = linear('mlp.fc1', width, hidden);
  const fc2 = linear('mlp.fc2', hidden, width);
  return (x, batch) => {
    const y = tf.tidy(() => proj(attention(qkv(layerNorm(x, EPSILON, norm1)), batch, heads), x));
    const z = tf.tidy(() => fc2(gelu(fc1(layerNorm(y, EPSILON, norm2))), y));
    y.dispose();
    return z;
  };
}

/** Interpolates position embeddings `[1, 1 + side side, width]` bilinearly, all but the class token's. */
function interpolated(positions: tf.Tensor3D, side: number, size: [number, number]): tf.Tensor3D {
  const width = positions.shape[2];
  const grid = tf.reshape(tf.slice(positions, [0, 1, 0]), [1, side, side, width]) as tf.Tensor4D;
  const resized = tf.reshape(tf.image.resizeBilinear(grid, size, false, true), [1, size[0] * size[1], width]);
  return tf.concat([tf.slice(positions, [0, 0, 0], [1, 1, width]), resized as tf.Tensor3D], 1);
}

/**
 * Makes a vision transformer without its classifier: pictures `[b, side, side, 3]` -> class tokens after the last norm
 * `[b, width]`.
 *
 * After `prefix`, names are those of timm: cls_token, pos_embed, patch_embed.proj, blocks.0.norm1.
 *
 * Dosovitskiy et al., An Image is Worth 16x16 Words, ICLR 2021.
 *
 * @param patches how the patch embedding is made, which ViTS does not train
 */
export function transformer(
  parameters: Parameters,
  making: ParameterOptions,
  prefix: string,
  shape: TransformerShape,
  patches: ParameterOptions = making,
): (x: tf.Tensor4D) => tf.Tensor2D {
  const { imageSize, patch, width, depth } = shape;
  const side = imageSize / patch;
  const classToken = parameters.parameter<tf.Rank.R3>(making, `${prefix}cls_token`, [1, 1, width], normal(STD));
  const positions = parameters.parameter<tf.Rank.R3>(
    making,
    `${prefix}pos_embed`,
    [1, side * side + 1, width],
    normal(STD),
  );
  const start = torchDefault(3 * patch * patch);
  const cut = `${prefix}patch_embed.proj`;
  const w = parameters.parameter<tf.Rank.R4>(patches, `${cut}.weight`, [patch, patch, 3, width], start, filter);
  const bias = parameters.parameter<tf.Rank.R1>(patches, `${cut}.bias`, [width], start);
  const blocks = Array.from({ length: depth }, (_, i) =>
    transformerBlock(parameters, making, `${prefix}blocks.${i}`, shape),
  );
  const norm = affineUnit(parameters, making, `${prefix}norm`, width);
  return (x) => {
    const [batch, height, across] = x.shape;
    const [rows, columns] = [height / patch, across / patch];
    const tokens = rows * columns + 1;
    const begin = tf.tidy(() => {
      const embedded = convolution(x, w, { stride: patch, padding: 0 }, { bias }, true);
      const flat = tf.reshape(embedded, [batch, tokens - 1, width]);
      const all = tf.concat([tf.tile(classToken, [batch, 1, 1]), flat], 1);
      const table = rows === side && columns === side ? positions : interpolated(positions, side, [rows, columns]);
      return tf.reshape(tf.add(all, table), [batch * tokens, width]) as tf.Tensor2D;
    });
    const end = blocks.reduce((y, block) => {
      const z = block(y, batch);
      y.dispose();
      return z;
    }, begin);
    return tf.tidy(() => {
      const first = tf.slice(tf.reshape(end, [batch, tokens, width]), [0, 0, 0], [batch, 1, width]);
      return layerNorm(tf.reshape(first, [batch, width]), EPSILON, norm);
    });
  };
}
