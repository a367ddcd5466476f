import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { NetworkConfiguration } from '../../configuration/types.js';
import { MissingInput, UsageError, unknown } from '../../errors.js';
import { byteChunks } from '../../formats/nd-array.js';
import type { NamedArrays } from '../backbone.js';
import type { Variant } from '../options.js';
import { convertWeights } from './convert.js';
import { keptNames, weightsFile, weightsFolder } from './folder.js';
import { defaultWeights, isKnown, isPretrained, knownWeights, type PretrainedModel } from './registry.js';
import { readStored, sha256 } from './stored.js';

/** Says where weights are from, for a run's record. */
export interface WeightsSource {
  /** The name as in `tripletlab weights list`; for a file, its name. */
  readonly name: string;
  /** SHA-256 of the tensors' bytes. */
  readonly sha256: string;
  readonly variant: Variant;
  readonly origin: string;
}

/** Holds the weights that a network starts from. */
export interface ResolvedWeights {
  /** Tensors under PyTorch's names and in its layout, without the classifier. */
  readonly tensors: NamedArrays;
  readonly variant: Variant;
  /** The file, for errors. */
  readonly place: string;
  readonly source: WeightsSource;
}

/**
 * Reads the weights that a configuration's `model.weights` names: a name, a file, or by default those that the original
 * starts from; undefined for `none` and for networks that start from scratch.
 *
 * @throws UsageError where they are not on this machine, naming the command that gets them, or are of another network
 */
export function resolveWeights(
  network: Pick<NetworkConfiguration, 'name' | 'weights'>,
  folder: string = weightsFolder(),
): ResolvedWeights | undefined {
  const { name: model, weights } = network;
  if (weights === 'none') return undefined;
  if (!isPretrained(model)) {
    if (weights === undefined) return undefined;
    throw new UsageError(`invalid weights: ${weights}; ${model} has no pretrained weights, set model.weights=none`);
  }
  const wanted = weights ?? defaultWeights[model];
  if (isKnown(wanted) || existsSync(weightsFile(wanted, folder))) return kept(wanted, model, folder);
  if (/[/\\]/.test(wanted) || statSync(wanted, { throwIfNoEntry: false })?.isFile()) return ofFile(wanted, model);
  throw unknown('weights', wanted, [...new Set([...Object.keys(knownWeights), ...keptNames(folder), 'none'])]);
}

function kept(name: string, model: PretrainedModel, folder: string): ResolvedWeights {
  const place = weightsFile(name, folder);
  if (isKnown(name) && knownWeights[name].model !== model) throw otherModel(name, knownWeights[name].model, model);
  if (!existsSync(place)) throw missing(name, model, folder);
  const { tensors, facts } = readStored(place);
  if (facts === undefined) return ofFile(place, model);
  if (facts.model !== model) throw otherModel(name, facts.model, model);
  const { sha256: digest, variant, origin } = facts;
  return { tensors: Object.fromEntries(tensors), variant, place, source: { name, sha256: digest, variant, origin } };
}

function otherModel(name: string, theirs: string, model: PretrainedModel): UsageError {
  return new UsageError(
    `weights that do not fit: ${name} are of ${theirs}, not ${model}; ${model} starts from ${defaultWeights[model]}`,
  );
}

/** Makes the error for weights that are not on this machine. */
function missing(name: string, model: PretrainedModel, folder: string): MissingInput {
  const others = keptFor(model, folder, name);
  return new MissingInput(
    `missing weights: ${name} (for ${model}) are not in ${folder}; run \`tripletlab weights fetch ${name}\`, or set ` +
      `model.weights=${[...others, 'none'].join(' or model.weights=')}`,
  );
}

/** Returns the names of other weights that fit: those on this machine, else those that can be fetched. */
function keptFor(model: PretrainedModel, folder: string, except: string): string[] {
  const known = Object.entries(knownWeights).filter(([name, entry]) => entry.model === model && name !== except);
  const here = known.filter(([name]) => existsSync(weightsFile(name, folder)));
  return (here.length > 0 ? here : known).map(([name]) => name);
}

function ofFile(file: string, model: PretrainedModel): ResolvedWeights {
  const { tensors, variant } = convertWeights(file, model);
  const digest = sha256(Object.values(tensors).flatMap(byteChunks));
  return { tensors, variant, place: file, source: { name: basename(file), sha256: digest, variant, origin: file } };
}
