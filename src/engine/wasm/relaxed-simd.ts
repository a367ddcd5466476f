import { readFileSync } from 'node:fs';
import { builtFile } from '../../assets.js';
import { UsageError } from '../../errors.js';

let supported: boolean | undefined;

/**
 * Tells whether a variable turns a form of the kernels off.
 *
 * @throws UsageError for another value than `off`
 */
export function turnedOff(variable: string): boolean {
  const wanted = process.env[variable] ?? '';
  if (wanted !== '' && wanted !== 'off')
    throw new UsageError(`invalid ${variable}: ${wanted}; set it to off, or leave it out`);
  return wanted === 'off';
}

/**
 * Tells whether kernels run in their form with relaxed SIMD, whose multiply-add rounds once and takes half the time.
 *
 * Node.js has it from 22 on. The variable `TRIPLETLAB_RELAXED_SIMD=off` asks for the other form, which rounds the same way
 * on every machine. Nearest neighbours are the same in both.
 *
 * @throws UsageError for another value of the variable
 */
export function usesRelaxedSimd(): boolean {
  if (turnedOff('TRIPLETLAB_RELAXED_SIMD')) return false;
  return (supported ??= WebAssembly.validate(readFileSync(builtFile('wasm', 'engine-relaxed.wasm'))));
}
