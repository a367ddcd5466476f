import { existsSync, readFileSync, statSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { nearestPath } from '../files.js';
import { bare } from './display.js';
import { refuseIgnored, type ConfigurationCommand } from './ignored.js';
import { displayPath, locateConfiguration } from './locate.js';
import { applyOverrides, configurationArguments, parseOverride } from './overrides.js';
import type { Configuration, TrainingConfiguration } from './types.js';
import { isTraining } from './types.js';
import { validateConfiguration } from './validate.js';
import { parseYaml } from './yaml.js';

export { repetitionConfiguration } from './repetitions.js';

/** Largest size of a configuration file; a larger file is something else. */
const LARGEST_FILE = 1 << 20;

/**
 * Reads a configuration, applies overrides, fills in the defaults and checks everything.
 *
 * @param file as given, or relative to the package's folder, as in `configurations/things/things_p_ste.yaml`
 * @param overrides `key=value` with dots in the key, as in `model.embedding_size=512`; values are YAML, the last wins
 * @throws UsageError of one line for the first thing that is wrong, before anything else is done
 */
export function loadConfiguration(file: string, overrides: readonly string[] = []): Configuration {
  const path = locateConfiguration(file);
  const place = displayPath(path);
  const { size } = statSync(path);
  if (size > LARGEST_FILE) throw new UsageError(`invalid configuration: ${place} has ${size} bytes; give a YAML file`);
  return resolveConfiguration(parseYaml(readFileSync(path, 'utf8'), place), overrides, place);
}

/**
 * Loads a configuration from command-line arguments: `FILE key=value ...`, also `configuration_file_name=FILE`.
 *
 * @param command what reads it: overrides that it ignores are refused, those of a training that an evaluation leaves
 *   alone go to `log`
 */
export function loadConfigurationArguments(
  args: readonly string[],
  command?: ConfigurationCommand,
  log: (line: string) => void = () => undefined,
): Configuration {
  const { file, overrides } = configurationArguments(args);
  const configuration = loadConfiguration(file, overrides);
  const note = command && refuseIgnored(command, overrides);
  if (note !== undefined) log(note);
  return configuration;
}

/**
 * Resolves a configuration that was read already, such as that of a run record, as `loadConfiguration` does.
 *
 * @param place where it comes from, for errors
 */
export function resolveConfiguration(
  value: unknown,
  overrides: readonly string[] = [],
  place = 'the configuration',
): Configuration {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(
      `invalid configuration: ${place}; write a mapping with the keys dataset, preprocessing and so on`,
    );
  if (['teachers', 'students', 'direct'].some((part) => part in value))
    throw new UsageError(`invalid configuration: ${place} is a plan; run tripletlab reproduce ${place}`);
  const parsed = overrides.map(parseOverride);
  const changed = applyOverrides(value as Record<string, unknown>, parsed);
  const configuration = validateConfiguration(changed, { place, overridden: new Set(parsed.map(({ key }) => key)) });
  // The configuration's own root is only a suggestion and may be elsewhere on this machine; an override is binding.
  const root = configuration.dataset.raw_data_directory_name;
  if (root !== null && parsed.some(({ key }) => key === 'dataset.raw_data_directory_name') && !existsSync(root))
    throw new UsageError(`missing dataset.raw_data_directory_name: ${bare(root)}; no such folder${meant(root)}`);
  return configuration;
}

function meant(path: string): string {
  const near = nearestPath(path);
  return near === undefined ? '' : `, did you mean ${bare(near)}?`;
}

/**
 * Loads a configuration that must be for training.
 *
 * @throws UsageError as `loadConfiguration`, and where it has no `run`, `model` and `optimization`
 */
export function loadTrainingConfiguration(file: string, overrides: readonly string[] = []): TrainingConfiguration {
  const configuration = loadConfiguration(file, overrides);
  if (!isTraining(configuration))
    throw new UsageError(
      `invalid configuration: ${bare(file)} only evaluates; to train, it needs the sections run, model and optimization`,
    );
  return configuration;
}
