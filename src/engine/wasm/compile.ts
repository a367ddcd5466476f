import { setFlagsFromString } from 'node:v8';
import { usesRelaxedSimd } from './relaxed-simd.js';

/** The releases of Node.js whose V8 was seen to compile the kernels rightly with this flag, which is experimental. */
const TESTED = [24, 26];

/**
 * Tells whether V8 is asked to make one vector of 256 bits of two neighbouring ones of 128, for processors that have
 * them. Results are the same. Node.js 22 has the flag too, but leaves the fused multiply-add as it is.
 */
export function usesWideVectors(): boolean {
  const [release] = process.versions.node.split('.').map(Number);
  const built = process.config.variables as Readonly<Record<string, unknown>>;
  return (
    usesRelaxedSimd() && built['v8_enable_wasm_simd256_revec'] === 1 && release >= TESTED[0] && release <= TESTED[1]
  );
}

/** Compiles kernels, with wide vectors if they are used: at once, while the flags that this needs are set. */
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
