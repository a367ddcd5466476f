// The weights of a pass, as Pillow computes them (Resample.c: precompute_coeffs, normalize_coeffs_8bpc).
import { take } from './arena';

export const BICUBIC: i32 = 1;
/** Fraction bits of a weight. */
export const PRECISION: i32 = 22;

function weight(filter: i32, distance: f64): f64 {
  const x = abs(distance);
  if (filter != BICUBIC) return x < 1 ? 1 - x : 0;
  const a: f64 = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Returns the number of weights of each position in the table that `coefficients` makes. */
export function weightsEach(input: i32, output: i32, filter: i32): i32 {
  const scale = max<f64>(<f64>input / <f64>output, 1);
  return <i32>Math.ceil((filter == BICUBIC ? 2.0 : 1.0) * scale) * 2 + 1;
}

/**
 * Makes the table for positions first to first + count - 1 of `output` positions, which are made of `input` ones: for
 * each the first source and the number of sources (two i32), then for each its weights (`weightsEach` i32).
 */
export function coefficients(input: i32, output: i32, first: i32, count: i32, filter: i32): usize {
  const scale = <f64>input / <f64>output, stretch = max<f64>(scale, 1), step = 1 / stretch;
  const support = (filter == BICUBIC ? 2.0 : 1.0) * stretch;
  const each = <usize>weightsEach(input, output, filter);
  const table = take(<usize>count * (8 + 4 * each)), exact = take(8 * each);
  for (let i = 0; i < count; i++) {
    const center = (<f64>(first + i) + 0.5) * scale;
    const from = max<i32>(<i32>(center - support + 0.5), 0);
    const n = min<i32>(<i32>(center + support + 0.5), input) - from;
    let total: f64 = 0;
    for (let j = 0; j < n; j++) {
      const w = weight(filter, (<f64>(j + from) - center + 0.5) * step);
      store<f64>(exact + (<usize>j << 3), w);
      total += w;
    }
    store<i32>(table + (<usize>i << 3), from);
    store<i32>(table + (<usize>i << 3), n, 4);
    const weights = table + (<usize>count << 3) + 4 * each * <usize>i;
    for (let j = 0; j < n; j++) {
      let w = load<f64>(exact + (<usize>j << 3));
      if (total != 0) w /= total;
      w *= <f64>(1 << PRECISION);
      store<i32>(weights + (<usize>j << 2), <i32>(w < 0 ? w - 0.5 : w + 0.5));
    }
  }
  return table;
}
