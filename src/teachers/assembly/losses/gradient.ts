// What a triplet's loss function stores besides its value: the loss's derivative with respect to each pair's
// similarity. Globals, since AssemblyScript has no multiple results. Every loss function takes the similarities s01,
// s02, s12 or the squared distances q01, q02, q12 of the rows.
export let g01: f32 = 0;
export let g02: f32 = 0;
export let g12: f32 = 0;

// @ts-ignore: decorator
@inline
export function setGradient(d01: f32, d02: f32, d12: f32): void {
  g01 = d01;
  g02 = d02;
  g12 = d12;
}

export const EPSILON: f32 = 1e-12;

// distance = sqrt(max(q, 1e-12))
// @ts-ignore: decorator
@inline
export function distance(q: f32): f32 {
  return sqrt<f32>(max<f32>(q, EPSILON));
}

// the distance's derivative with respect to the similarity: -1 / distance, 0 where clamped
// @ts-ignore: decorator
@inline
export function distanceGradient(q: f32, d: f32): f32 {
  return q >= EPSILON ? -1 / d : 0;
}
