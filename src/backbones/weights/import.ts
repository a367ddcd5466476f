import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, extname } from 'node:path';
import { UsageError } from '../../errors.js';
import { isPattern, readManifest, type Manifest } from '../../acquisition/manifest.js';
import { convertWeights } from './convert.js';
import { weightsFolder } from './folder.js';
import { isKnown, knownWeights, type KnownWeights, type PretrainedModel } from './registry.js';
import { storeWeights, type WeightsFacts } from './stored.js';

export interface ImportOptions {
  /** The name of the weights from then on (default: the published name if it is that file, else the file's own). */
  readonly name?: string;
  /** The folder in which weights are kept. */
  readonly folder?: string;
  /** Whether to compare names and shapes with those of the network. */
  readonly check?: boolean;
  /** The file to record as the source if it is not the one that is read: an archive. */
  readonly original?: string;
  /** The manifest that lists published files and their checksums. */
  readonly manifest?: Manifest;
}

/** Holds the facts of what was imported, and the names of tensors that were left out. */
export interface Imported extends WeightsFacts {
  readonly tensors: number;
  readonly dropped: readonly string[];
}

/**
 * Converts weights of any supported format and keeps them in the folder.
 *
 * @throws UsageError where the file cannot be read, is not of the model (listing missing, surplus and wrongly shaped
 *   tensors), or is to have the name of a published file that it is not
 */
export async function importWeights(
  file: string,
  model: PretrainedModel,
  {
    name,
    folder = weightsFolder(),
    check = true,
    original = file,
    manifest = readManifest('weights'),
  }: ImportOptions = {},
): Promise<Imported> {
  const converted = convertWeights(file, model);
  const digest = await fileSha256(original);
  const called = name ?? publishedName(digest, manifest) ?? basename(file, extname(file));
  if (!/^[A-Za-z0-9][\w.-]*$/.test(called))
    throw new UsageError(`invalid name of weights: ${called}; use letters, digits, - _ and ., or give --name NAME`);
  const known: KnownWeights | undefined = isKnown(called) ? knownWeights[called] : undefined;
  if (known !== undefined) checkPublished(called, known, model, publishedSha256(known.file, manifest), digest);
  if (check) (await import('./check.js')).checkFit(converted, model, file);
  const facts = storeWeights(
    converted.tensors,
    {
      name: called,
      model,
      variant: converted.variant,
      origin: known?.origin ?? 'imported',
      licence: known?.licence ?? 'as the file',
      source: basename(original),
      source_sha256: digest,
    },
    folder,
  );
  return { ...facts, tensors: Object.keys(converted.tensors).length, dropped: converted.dropped };
}

/** Returns the SHA-256 of a published file, if it is known. */
function publishedSha256(file: string, { files, archives = [] }: Manifest): string | null {
  const single = files.find((entry) => !isPattern(entry) && entry.path === file);
  const entry = single === undefined || isPattern(single) ? archives.find((archive) => archive.file === file) : single;
  return entry?.sha256 ?? null;
}

function publishedName(digest: string, manifest: Manifest): string | undefined {
  return Object.entries(knownWeights).find(([, { file }]) => publishedSha256(file, manifest) === digest)?.[0];
}

function checkPublished(
  name: string,
  known: KnownWeights,
  model: PretrainedModel,
  published: string | null,
  digest: string,
): void {
  if (known.model !== model)
    throw new UsageError(`weights that do not fit: ${name} are of ${known.model}, not ${model}; give another --name`);
  if (published !== null && published !== digest)
    throw new UsageError(`wrong checksum: sha256 ${digest} is not ${known.file}'s; give another --name than ${name}`);
}

async function fileSha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
