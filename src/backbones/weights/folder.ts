import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, sep } from 'node:path';

/** Environment variable that names the folder in which weights are kept. */
export const WEIGHTS_VARIABLE = 'TRIPLETLAB_WEIGHTS';

/** Returns the folder in which weights are kept: `$TRIPLETLAB_WEIGHTS`, else `~/.cache/tripletlab/weights`. */
export function weightsFolder(): string {
  return process.env[WEIGHTS_VARIABLE] ?? join(homedir(), '.cache', 'tripletlab', 'weights');
}

/** Returns the same folder for messages, with the home folder as `~`. */
export function shownWeightsFolder(): string {
  const folder = weightsFolder();
  return folder.startsWith(join(homedir(), sep)) ? join('~', relative(homedir(), folder)) : folder;
}

const ending = '.safetensors';

/** Returns the file of weights with this name, whether it exists or not. */
export function weightsFile(name: string, folder = weightsFolder()): string {
  return join(folder, `${name}${ending}`);
}

/** Returns the names of the weights in the folder, sorted. */
export function keptNames(folder = weightsFolder()): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(ending) && !file.startsWith('.'));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}
