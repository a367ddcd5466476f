import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { keptNames, weightsFile, weightsFolder } from './folder.js';
import { defaultWeights, isKnown, knownWeights, type KnownWeights, type PretrainedModel } from './registry.js';

/** Weights that are here, or can be fetched. */
export interface ListedWeights {
  readonly name: string;
  /** Undefined for a file that another program put there. */
  readonly model: PretrainedModel | undefined;
  /** What a model starts from where its configuration does not say. */
  readonly isDefault: boolean;
  /** Undefined where they are not here. */
  readonly file: string | undefined;
  readonly bytes: number;
  readonly origin: string;
  readonly licence: string;
}

/** All weights that can be fetched, then those that were imported. */
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

/** The texts that a safetensors file begins with, without its tensors; none where it is not one. */
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
