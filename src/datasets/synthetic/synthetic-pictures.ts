import sharp from 'sharp';
import { UsageError } from '../../errors.js';

/** The names of the factors that a picture shows, in order; each is from 0 to 1. */
export const factorNames = ['hue', 'size', 'squareness', 'stretch'] as const;

const defaults = { background: 236, saturation: 0.8, lightness: 0.5 };

/** Degrees: red to magenta, less than the whole circle, so that the two ends differ most. */
const LARGEST_HUE = 300;
/** Half the width of the shape, as a share of the picture's side. */
const [SMALLEST, LARGEST] = [0.1, 0.32];
/** Exponents of the superellipse: a star with four points, and nearly a square; 2 would be a disc. */
const [STAR, SQUARE] = [0.6, 8];
/** The largest ratio of height to width; the least is its inverse. */
const LARGEST_STRETCH = 2;
/** Samples along one side of a pixel. */
const SAMPLES = 4;
const LARGEST_SIDE = 4096;

/** The shape that four factors give; lengths in units of the picture's side. */
interface Shape {
  readonly hue: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly exponent: number;
}

function shapeOf(factors: ArrayLike<number>): Shape {
  for (let i = 0; i < factorNames.length; i++)
    if (!(factors[i] >= 0 && factors[i] <= 1))
      throw new UsageError(`invalid factor ${factorNames[i]}: ${factors[i]}; a number from 0 to 1`);
  const [hue, size, squareness, stretch] = Array.from(factors);
  const half = SMALLEST + (LARGEST - SMALLEST) * size;
  const ratio = Math.sqrt(LARGEST_STRETCH ** (2 * stretch - 1));
  return {
    hue: LARGEST_HUE * hue,
    halfWidth: half / ratio,
    halfHeight: half * ratio,
    exponent: STAR * (SQUARE / STAR) ** squareness,
  };
}

/** Returns the RGB, 0 to 255, of a hue in degrees. */
function colour(hue: number): [number, number, number] {
  const { saturation, lightness } = defaults;
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    return 255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/**
 * Draws the picture of an item: a coloured superellipse |x/w|^p + |y/h|^p <= 1 in the middle of a light background.
 *
 * It is anti-aliased: a pixel's colour is mixed by the share of its 16 samples inside.
 *
 * @param factors `[4]`, 0 to 1: hue (red to magenta), size, squareness (star over disc to square), stretch (lying to
 *   standing)
 * @param size side in pixels
 * @returns `[size, size, 3] uint8`, RGB
 * @throws UsageError for a factor outside 0 to 1 or a size that is no integer from 1 to 4096
 */
export function drawPicture(factors: ArrayLike<number>, size: number): Uint8Array {
  if (!(Number.isInteger(size) && size >= 1 && size <= LARGEST_SIDE))
    throw new UsageError(`invalid picture size: ${size}; an integer from 1 to ${LARGEST_SIDE}`);
  const shape = shapeOf(factors);
  const ink = colour(shape.hue);
  const { background } = defaults;
  const pixels = new Uint8Array(3 * size * size).fill(background);
  // |x/w|^p of every sample of the left half; the right half and the lower one mirror it.
  const half = Math.ceil(size / 2);
  const across = powers(half, size, shape.halfWidth, shape.exponent);
  const down = powers(half, size, shape.halfHeight, shape.exponent);
  for (let y = 0; y < half; y++) {
    const [upper, lower] = [3 * y * size, 3 * (size - 1 - y) * size];
    for (let x = 0; x < half; x++) {
      const share = coverage(across, SAMPLES * x, down, SAMPLES * y);
      if (share === 0) continue;
      const [left, right] = [3 * x, 3 * (size - 1 - x)];
      for (let channel = 0; channel < 3; channel++) {
        const value = Math.round(background + share * (ink[channel] - background));
        pixels[upper + left + channel] = pixels[upper + right + channel] = value;
        pixels[lower + left + channel] = pixels[lower + right + channel] = value;
      }
    }
  }
  return pixels;
}

/** Returns `[4 half]`: |offset from the middle / extent|^p at each sample of the first `half` pixels. */
function powers(half: number, size: number, extent: number, exponent: number): Float64Array {
  return Float64Array.from({ length: SAMPLES * half }, (_, i) => {
    const offset = 0.5 - (i + 0.5) / (SAMPLES * size);
    return Math.abs(offset / extent) ** exponent;
  });
}

/**
 * Returns the share of a pixel's samples that are inside.
 *
 * Powers fall towards the middle of the picture, so that the outermost or the innermost sample decides most pixels; the
 * middle pixel of an odd size has its innermost sample in its middle.
 */
function coverage(across: Float64Array, x: number, down: Float64Array, y: number): number {
  if (across[x] + down[y] <= 1) return 1;
  if (Math.min(across[x + 1], across[x + 3]) + Math.min(down[y + 1], down[y + 3]) > 1) return 0;
  let inside = 0;
  for (let j = 0; j < SAMPLES; j++) for (let i = 0; i < SAMPLES; i++) if (across[x + i] + down[y + j] <= 1) inside++;
  return inside / (SAMPLES * SAMPLES);
}

/** Draws a picture as a PNG file. */
export async function drawPng(factors: ArrayLike<number>, size: number): Promise<Uint8Array> {
  return sharp(drawPicture(factors, size), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}
