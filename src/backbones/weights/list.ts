import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { keptNames, weightsFile, weightsFolder } from './folder.js';
import { defaultWeights, isKnown, knownWeights, type KnownWeights, type PretrainedModel } from './registry.js';

/** Describes weights that are on this machine, or can be fetched. */
export interface ListedWeights {
  readonly name: string;
  /** Undefined for a file that another program put there. */
  readonly model: PretrainedModel | undefined;
  /** Whether a model starts from these weights if its configuration does not name others. */
  readonly isDefault: boolean;
  /** Undefined if they are not on this machine. */
  readonly file: string | undefined;
  readonly bytes: number;
  readonly origin: string;
  readonly licence: string;
}

/** Lists all weights that can be fetched, then those that were imported. */
export function listWeights(folder = weightsFolder()): ListedWeights[] {
  const kept = keptNames(folder);
  const names = [...Object.keys(knownWeights), ...kept.filter((name) => !isKnown(name))];
  return names.map((name) => {
    const path = weightsFile(name, folder);
    const file = existsSync(path) ? path : undefined;
    const known: KnownWeights | undefined = isKnown(name) ? knownWeights[name] : undefined;
    const metadata = known !== undefined || file === undefined ? {} : metadataOf(file);
    const model = known?.model ?? modelOf(metadata['model']);
    return {
      name,
      model,
      isDefault: model !== undefined && defaultWeights[model] === name,
      file,
      bytes: file === undefined ? 0 : statSync(file).size,
      origin: known?.origin ?? metadata['source'] ?? 'unknown',
      licence: known?.licence ?? metadata['licence'] ?? 'unknown',
    };
  });
}

function modelOf(name: string | undefined): PretrainedModel | undefined {
  return name !== undefined && Object.hasOwn(defaultWeights, name) ? (name as PretrainedModel) : undefined;
}

/** Reads a safetensors file's metadata without its tensors; returns nothing if it is not such a file. */
function metadataOf(file: string): Readonly<Record<string, string>> {
  const descriptor = openSync(file, 'r');
  try {
    const size = Buffer.alloc(8);
    readSync(descriptor, size, 0, 8, 0);
    const header = Buffer.alloc(Number(size.readBigUInt64LE()) <= 2 ** 24 ? Number(size.readBigUInt64LE()) : 0);
    readSync(descriptor, header, 0, header.length, 8);
    const { __metadata__: metadata } = JSON.parse(header.toString()) as { __metadata__?: Record<string, string> };
    return metadata ?? {};
  } catch {
    return {};
  } finally {
    closeSync(descriptor);
  }
}
