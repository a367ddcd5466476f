import { isNameOf } from '../catalogue/names.js';
import { preprocessings, type ImagePreprocessingName } from '../catalogue/preprocessings.js';
import type { PreprocessingConfiguration } from '../configuration/types.js';
import { UsageError, unknown } from '../errors.js';

/** Says what a preprocessing does to a picture. */
export interface Recipe {
  /** Side of the result, in pixels. */
  readonly size: number;
  /** Length of the shorter side before the centre crop, in pixels. */
  readonly shorter: number;
  readonly bicubic: boolean;
  /** Mean of red, green and blue in [0, 1]; `std` is their standard deviation. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Whether training uses a random crop, resized, instead of the centre crop. */
  readonly crops: boolean;
  /** Whether training changes brightness, contrast and saturation. */
  readonly jitters: boolean;
}

const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** Makes the recipe for pictures of this side. */
type Maker = (size: number) => Recipe;

/** The preprocessings of pictures, by their names in configurations. */
const recipes = {
  /** As in torchvision for ResNets: shorter side to 256, bilinear, centre crop. */
  ResNetImagePreprocessing: (size) => ({
    ...imageNet,
    size,
    shorter: 256,
    bicubic: false,
    crops: true,
    jitters: false,
  }),
  /** As in timm 0.5.4 for vision transformers: shorter side to 248, bicubic, centre crop of 224. */
  ViTImagePreprocessing: () => ({
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    size: preprocessings.ViTImagePreprocessing.imageSize,
    shorter: 248,
    bicubic: true,
    crops: true,
    jitters: true,
  }),
  /** For small networks: training only mirrors at random. */
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
 * Returns what a configured preprocessing does to a picture.
 *
 * @throws UsageError where it does not take pictures
 */
export function recipeOf({ name, image_size }: PreprocessingConfiguration): Recipe {
  if (name === 'IndexRemapPreprocessing')
    throw new UsageError(
      `invalid preprocessing: ${name}; it is for indexes, for pictures use one of: ${Object.keys(recipes).join(', ')}`,
    );
  if (!isNameOf(recipes, name)) throw unknown('preprocessing', name, Object.keys(recipes));
  return recipes[name](image_size ?? preprocessings[name].imageSize);
}

/**
 * Returns the side of the square pictures that a preprocessing makes, in pixels.
 *
 * @throws UsageError where it does not take pictures
 */
export function imageSize(preprocessing: PreprocessingConfiguration): number {
  return recipeOf(preprocessing).size;
}

/**
 * Returns the number that each byte becomes: ((value / 255) - mean) / std, in float32 as PyTorch computes it.
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
