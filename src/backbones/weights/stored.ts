import { createHash } from 'node:crypto';
import { UsageError } from '../../errors.js';
import { writeFileAtomic } from '../../files.js';
import { chunksOf, withFileSource } from '../../formats/byte-source.js';
import type { NdArray } from '../../formats/nd-array.js';
import { decodeSafetensors, encodeSafetensors, safetensorsDataStart } from '../../formats/safetensors.js';
import type { Variant } from '../options.js';
import { weightsFile } from './folder.js';
import type { PretrainedModel } from './registry.js';

/** Holds what the file's metadata says about weights. */
export interface WeightsFacts {
  readonly name: string;
  readonly model: PretrainedModel;
  readonly variant: Variant;
  readonly origin: string;
  readonly licence: string;
  /** The file they were converted from, and its SHA-256. */
  readonly source: string;
  readonly source_sha256: string;
  /** SHA-256 of the tensors' bytes, which identifies these weights in a run's record. */
  readonly sha256: string;
}

const FORMAT = 'tripletlab weights 1';
const keys = ['name', 'model', 'variant', 'origin', 'licence', 'source', 'source_sha256', 'sha256'] as const;

/** Writes weights to the folder as a safetensors file with PyTorch's names, which records where they are from. */
export function storeWeights(
  tensors: Readonly<Record<string, NdArray>>,
  facts: Omit<WeightsFacts, 'sha256'>,
  folder: string,
): WeightsFacts {
  const entries = Object.entries(tensors);
  const [, ...data] = encodeSafetensors(entries);
  const whole = { ...facts, sha256: sha256(data) };
  writeFileAtomic(weightsFile(facts.name, folder), ...encodeSafetensors(entries, { format: FORMAT, ...whole }));
  return whole;
}

/**
 * Reads the weights of a file that `storeWeights` wrote; facts are undefined if another program wrote the file.
 *
 * @throws UsageError where the file is missing or damaged, or its tensors have changed since it was written
 */
export function readStored(file: string): { tensors: Map<string, NdArray>; facts: WeightsFacts | undefined } {
  return withFileSource(file, (source) => {
    const { tensors, metadata } = decodeSafetensors(source, file);
    if (metadata['format'] !== FORMAT) return { tensors, facts: undefined };
    const facts = Object.fromEntries(keys.map((key) => [key, metadata[key] ?? ''])) as unknown as WeightsFacts;
    if (sha256(chunksOf(source, safetensorsDataStart(source))) !== facts.sha256)
      throw new UsageError(
        `wrong checksum: ${file} has changed since it was written; remove it and fetch or import it again`,
      );
    return { tensors, facts };
  });
}

/** Computes the SHA-256 of bytes that come in parts. */
export function sha256(parts: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
