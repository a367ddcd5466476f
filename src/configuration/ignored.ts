import { UsageError } from '../errors.js';
import { show } from './display.js';
import { configurationKeys } from './keys.js';
import { parseOverride } from './overrides.js';

/** The commands that read a configuration for different ends. */
export type ConfigurationCommand = 'train' | 'evaluate' | 'save-embeddings';

/** Arguments that only one command reads, by the schema: `subset_name` is of `evaluate`. */
let owners: ReadonlyMap<string, string> | undefined;
const ownerOf = (key: string): string | undefined =>
  (owners ??= new Map(configurationKeys().map((one) => [one.key, one.applies]))).get(key);

const commands: readonly string[] = ['evaluate', 'save-embeddings'] satisfies ConfigurationCommand[];
const ofTraining = /^((run|model|optimization)\.|(num_processes|num_repetitions|offset_for_repetition)$)/;

/** Keys that are taken for another one. */
const instead: Readonly<Record<string, string>> = { output_directory_name: 'run.output_directory_name' };

/**
 * Returns why a command ignores a setting, or undefined where it reads it.
 *
 * `output_directory_name: only save-embeddings reads it; train reads run.output_directory_name`
 */
export function ignoredBy(command: ConfigurationCommand, key: string): string | undefined {
  const owner = ownerOf(key);
  if (owner === undefined || !commands.includes(owner) || owner === command) return undefined;
  const other = command === 'train' && Object.hasOwn(instead, key) ? `; ${command} reads ${instead[key]}` : '';
  return `only ${owner} reads it, not ${command}${other}`;
}

/**
 * Refuses overrides that a command ignores.
 *
 * @returns a line for settings of the training, which evaluations of its model leave alone
 * @throws UsageError `invalid subset_name: "test"; only evaluate reads it, not train`
 */
export function refuseIgnored(command: ConfigurationCommand, overrides: readonly string[]): string | undefined {
  const given = overrides.map(parseOverride);
  for (const { key, value } of given) {
    const reason = ignoredBy(command, key);
    if (reason !== undefined) throw new UsageError(`invalid ${key}: ${show(value)}; ${reason}`);
  }
  const left = command === 'train' ? [] : given.filter(({ key }) => ofTraining.test(key));
  return left.length === 0 ? undefined : `${command} does not read ${left.map(({ key }) => key).join(', ')}`;
}
