import { UsageError } from '../../errors.js';
import { elementCount, toFloat32, type NdArray } from '../../formats/nd-array.js';
import { renameAll, type Renamed } from './names.js';
import { permute, reshape } from './permute.js';

const parts = ['query', 'key', 'value'] as const;
const attention = 'MultiHeadDotProductAttention_1';

/**
 * Converts weights of a vision transformer from Flax's names (augreg's `.npz`) to timm's names and layout.
 *
 * Attention's query, key and value `[d, heads, d / heads]` become the rows of one matrix `attn.qkv.weight [3d, d]`; the
 * classifier is left out.
 *
 * @throws UsageError where arrays are unknown, missing in a block, or of another shape
 *
 * Source: timm 0.5.4, `_load_weights` of vision_transformer.py.
 */
export function fromAugregViT(arrays: ReadonlyMap<string, NdArray>, place: string): Renamed {
  const prefix = arrays.has('opt/target/embedding/kernel') ? 'opt/target/' : '';
  const named = new Map<string, NdArray>();
  for (const [name, array] of arrays) if (name.startsWith(prefix)) named.set(name.slice(prefix.length), array);
  const joined = joinAttention(named, place);
  return renameAll(joined, rename, place, 'a vision transformer (Flax)');
}

/** Joins each block's query, key and value to one array each: `qkv/kernel` and `qkv/bias`. */
function joinAttention(arrays: ReadonlyMap<string, NdArray>, place: string): Map<string, NdArray> {
  const joined = new Map<string, NdArray>();
  for (const [name, array] of arrays) {
    const found = /^(.*\/MultiHeadDotProductAttention_1)\/(query|key|value)\/(kernel|bias)$/.exec(name);
    if (found === null) joined.set(name, array);
    if (found === null || found[2] !== 'query') continue;
    const [, block, , kind] = found;
    const three = parts.map((part) => {
      const other = arrays.get(`${block}/${part}/${kind}`);
      if (other?.shape.join() !== array.shape.join())
        throw new UsageError(
          `weights that do not fit: ${place}: ${block} has no ${part} of its query's shape; get the weights again`,
        );
      return rows(other, kind);
    });
    const size = elementCount(three[0].shape);
    const data = new Float32Array(3 * size);
    three.forEach((part, i) => data.set(toFloat32(part), i * size));
    const shape = [3 * three[0].shape[0], ...three[0].shape.slice(1)];
    joined.set(`${block}/qkv/${kind}`, { dtype: 'float32', shape, data });
  }
  return joined;
}

/** Turns `[d, heads, d / heads]` into PyTorch's `[out, in]`, a bias `[heads, d / heads]` into `[out]`. */
function rows(array: NdArray, kind: string): NdArray {
  if (kind === 'bias') return reshape(array, [elementCount(array.shape)]);
  const [inputs, ...heads] = array.shape;
  return permute(reshape(array, [inputs, elementCount(heads)]), [1, 0]);
}

const same = (array: NdArray): NdArray => array;
const matrix = (array: NdArray): NdArray => permute(array, [1, 0]);
/** Turns `[heads, d / heads, d]` into `[out, in]`. */
const projection = (array: NdArray): NdArray =>
  matrix(reshape(array, [elementCount(array.shape.slice(0, 2)), array.shape[2]]));
const filter = (array: NdArray): NdArray => permute(array, [3, 2, 0, 1]);

interface Target {
  readonly name: string;
  /** The number of axes of the array in the file. */
  readonly axes: number;
  readonly layout: (array: NdArray) => NdArray;
}

const stem: Readonly<Record<string, Target>> = {
  cls: { name: 'cls_token', axes: 3, layout: same },
  'Transformer/posembed_input/pos_embedding': { name: 'pos_embed', axes: 3, layout: same },
  'embedding/kernel': { name: 'patch_embed.proj.weight', axes: 4, layout: filter },
  'embedding/bias': { name: 'patch_embed.proj.bias', axes: 1, layout: same },
  'Transformer/encoder_norm/scale': { name: 'norm.weight', axes: 1, layout: same },
  'Transformer/encoder_norm/bias': { name: 'norm.bias', axes: 1, layout: same },
};

const block: Readonly<Record<string, Target>> = {
  'LayerNorm_0/scale': { name: 'norm1.weight', axes: 1, layout: same },
  'LayerNorm_0/bias': { name: 'norm1.bias', axes: 1, layout: same },
  [`${attention}/qkv/kernel`]: { name: 'attn.qkv.weight', axes: 2, layout: same },
  [`${attention}/qkv/bias`]: { name: 'attn.qkv.bias', axes: 1, layout: same },
  [`${attention}/out/kernel`]: { name: 'attn.proj.weight', axes: 3, layout: projection },
  [`${attention}/out/bias`]: { name: 'attn.proj.bias', axes: 1, layout: same },
  'LayerNorm_2/scale': { name: 'norm2.weight', axes: 1, layout: same },
  'LayerNorm_2/bias': { name: 'norm2.bias', axes: 1, layout: same },
  'MlpBlock_3/Dense_0/kernel': { name: 'mlp.fc1.weight', axes: 2, layout: matrix },
  'MlpBlock_3/Dense_0/bias': { name: 'mlp.fc1.bias', axes: 1, layout: same },
  'MlpBlock_3/Dense_1/kernel': { name: 'mlp.fc2.weight', axes: 2, layout: matrix },
  'MlpBlock_3/Dense_1/bias': { name: 'mlp.fc2.bias', axes: 1, layout: same },
};

function rename(name: string, array: NdArray): readonly [string, NdArray] | 'drop' | undefined {
  if (/^(head|pre_logits)\//.test(name)) return 'drop';
  const found = /^Transformer\/encoderblock_(\d+)\/(.+)$/.exec(name);
  const target = found === null ? stem[name] : block[found[2]];
  if (target?.axes !== array.shape.length) return undefined;
  return [found === null ? target.name : `blocks.${found[1]}.${target.name}`, target.layout(array)];
}
