import { setFlagsFromString } from 'node:v8';

/** Lets this process use relaxed SIMD; Node.js 20 has it behind a flag, later ones without. */
export function allowRelaxedSimd(): void {
  delete process.env['TRIPLETLAB_RELAXED_SIMD'];
  if (Number(process.versions.node.split('.')[0]) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');
}
