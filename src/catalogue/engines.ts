/** The names of engines; `auto` means the first engine that works. */
export const engineNames = [
  'auto',
  'tensorflow-cuda',
  'torch-cuda',
  'webgpu',
  'torch-cpu',
  'tensorflow-cpu',
  'wasm',
  'javascript',
] as const;
export type EngineName = (typeof engineNames)[number];

/**
 * The precisions of the factors of products and convolutions, on the engines of torch: all 23 bits of fraction, 10
 * (`tf32`, on CUDA) or 7 (`bfloat16`, which rounds results, too). Sums and all else are float32.
 */
export const precisions = ['float32', 'tf32', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];
