import { setFlagsFromString } from 'node:v8';
import { turnedOff, usesRelaxedSimd } from './relaxed-simd.js';

/** The releases of Node.js on which tests show that V8 compiles the kernels correctly with its experimental flag. */
const TESTED = [24, 26];

/**
 * Tells whether V8 is asked to join two neighbouring vectors of 128 bits into one of 256, on processors that have those.
 * Results are the same. Node.js 22 has the flag too, but does not join fused multiply-adds.
 *
 * @throws UsageError for another value of `TRIPLETLAB_WIDE_VECTORS` than `off`, which asks to do without it
 */
export function usesWideVectors(): boolean {
  if (turnedOff('TRIPLETLAB_WIDE_VECTORS')) return false;
  const release = Number.parseInt(process.versions.node);
  const built = process.config.variables as Readonly<Record<string, unknown>>;
  return usesRelaxedSimd() && built['v8_enable_wasm_simd256_revec'] === 1 && TESTED.includes(release);
}

/** Compiles all functions of kernels at once, with wide vectors if they are used: V8's flags are set only meanwhile. */
export function compile(binary: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  if (!usesWideVectors()) return new WebAssembly.Module(binary);
  // The optimizing compiler alone, for all functions at once: it cannot inline, since it has not seen them run.
  const flags = ['experimental-wasm-revectorize', 'no-liftoff', 'no-wasm-lazy-compilation', 'no-wasm-inlining'];
  for (const flag of flags) setFlagsFromString(`--${flag}`);
  try {
    return new WebAssembly.Module(binary);
  } finally {
    for (const flag of flags) setFlagsFromString(flag.startsWith('no-') ? `--${flag.slice(3)}` : `--no-${flag}`);
  }
}
