import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { UsageError } from '../../../src/errors.js';
import type { NdArray } from '../../../src/formats/nd-array.js';
import { encodeSafetensors } from '../../../src/formats/safetensors.js';

/** A folder that is gone after the test. */
export function temporary(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tripletlab-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes tensors as another program would. */
export function writeSafetensors(file: string, tensors: Readonly<Record<string, NdArray>>): string {
  writeFileSync(file, Buffer.concat(encodeSafetensors(Object.entries(tensors))));
  return file;
}

/** Elements 0, 1, 2, ... plus an offset. */
export function counting(shape: readonly number[], offset = 0): NdArray {
  const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
  return { dtype: 'float32', shape, data: data.map((_, i) => i + offset) };
}

/** The one line that refuses. */
export async function refusal(t: ExecutionContext, run: () => unknown): Promise<string> {
  const error = await t.throwsAsync(async () => run(), { instanceOf: UsageError });
  t.regex(error.message, /^[^\n\r]+$/);
  return error.message;
}
