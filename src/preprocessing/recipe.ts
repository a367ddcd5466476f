import { isNameOf } from '../catalogue/names.js';
import { preprocessings, type ImagePreprocessingName } from '../catalogue/preprocessings.js';
import type { PreprocessingConfiguration } from '../configuration/types.js';
import { UsageError, unknown } from '../errors.js';

/** What a preprocessing does to a picture. */
export interface Recipe {
  /** Side of the result, pixels. */
  readonly size: number;
  /** Length of the shorter side before the centre crop, pixels. */
  readonly shorter: number;
  readonly bicubic: boolean;
  /** Of red, green and blue in [0, 1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** In training: a random crop resized, rather than the centre crop. */
  readonly crops: boolean;
  /** In training: brightness, contrast and saturation changed. */
  readonly jitters: boolean;
}

const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** Of pictures of this side. */
type Maker = (size: number) => Recipe;

/** The preprocessings of pictures, by their names in configurations. */
const recipes = {
  /** As torchvision trains ResNets: shorter side to 256, bilinear, centre crop. */
  ResNetImagePreprocessing: (size) => ({
    ...imageNet,
    size,
    shorter: 256,
    bicubic: false,
    crops: true,
    jitters: false,
  }),
  /** As timm 0.5.4 trains vision transformers: shorter side to 248, bicubic, centre crop of 224. */
  ViTImagePreprocessing: () => ({
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    size: preprocessings.ViTImagePreprocessing.imageSize,
    shorter: 248,
    bicubic: true,
    crops: true,
    jitters: true,
  }),
  /** For small networks: nothing but a mirror image in training. */
  SmallImagePreprocessing: (size) => ({
    ...imageNet,
    size,
    shorter: size,
    bicubic: false,
    crops: false,
    jitters: false,
  }),
} satisfies Record<ImagePreprocessingName, Maker>;

/**
 * What a configured preprocessing does to a picture.
 *
 * @throws UsageError where it takes no pictures
 */
export function recipeOf({ name, image_size }: PreprocessingConfiguration): Recipe {
  if (name === 'IndexRemapPreprocessing')
    throw new UsageError(
      `invalid preprocessing: ${name}; it takes indexes, ${Object.keys(recipes).join(', ')} pictures`,
    );
  if (!isNameOf(recipes, name)) throw unknown('preprocessing', name, Object.keys(recipes));
  return recipes[name](image_size ?? preprocessings[name].imageSize);
}

/**
 * Side of the square pictures that a preprocessing gives, pixels.
 *
 * @throws UsageError where it takes no pictures
 */
export function imageSize(preprocessing: PreprocessingConfiguration): number {
  return recipeOf(preprocessing).size;
}

/**
 * What each value of a byte becomes: ((value / 255) - mean) / std, in float32 as PyTorch computes it.
 *
 * @returns `[3, 256] float32`
 */
export function normalization({ mean, std }: Pick<Recipe, 'mean' | 'std'>): Float32Array {
  const f = Math.fround;
  return Float32Array.from({ length: 768 }, (_, i) => {
    const channel = i >> 8;
    return f(f(f((i & 255) / 255) - f(mean[channel])) / f(std[channel]));
  });
}
