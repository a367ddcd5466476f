import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';

/** Environment variable that names the folder in which weights are kept. */
export const WEIGHTS_VARIABLE = 'TRIPLETLAB_WEIGHTS';

/** Where weights are kept: `$TRIPLETLAB_WEIGHTS`, else `~/.cache/tripletlab/weights`. */
export function weightsFolder(): string {
  return process.env[WEIGHTS_VARIABLE] ?? join(homedir(), '.cache', 'tripletlab', 'weights');
}

/** The same for people, in the home folder's short form. */
export function shownWeightsFolder(): string {
  const folder = weightsFolder();
  return folder.startsWith(join(homedir(), sep)) ? join('~', relative(homedir(), folder)) : folder;
}

const ending = '.safetensors';

/** The file of weights with this name, whether it is there or not. */
export function weightsFile(name: string, folder = weightsFolder()): string {
  return join(folder, `${name}${ending}`);
}

/** Names of the weights that are there, in order. */
export function keptNames(folder = weightsFolder()): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(ending) && !file.startsWith('.'));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}
