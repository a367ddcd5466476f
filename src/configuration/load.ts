import { existsSync, readFileSync, statSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { bare } from './display.js';
import { displayPath, locateConfiguration } from './locate.js';
import { applyOverrides, configurationArguments, parseOverride } from './overrides.js';
import type { Configuration, TrainingConfiguration } from './types.js';
import { isTraining } from './types.js';
import { validateConfiguration } from './validate.js';
import { parseYaml } from './yaml.js';

export { repetitionConfiguration } from './repetitions.js';

/** No configuration comes near this: something else was named. */
const LARGEST_FILE = 1 << 20;

/**
 * Reads a configuration, puts overrides in, fills in the defaults and checks all of it.
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

/** `loadConfiguration` for arguments as on a command line: `FILE key=value ...`, also `configuration_file_name=FILE`. */
export function loadConfigurationArguments(args: readonly string[]): Configuration {
  const { file, overrides } = configurationArguments(args);
  return loadConfiguration(file, overrides);
}

/**
 * `loadConfiguration` for a configuration at hand, such as the one of a run record.
 *
 * @param place where it comes from, for errors
 */
export function resolveConfiguration(
  value: unknown,
  overrides: readonly string[] = [],
  place = 'the configuration',
): Configuration {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`invalid configuration: ${place}; a mapping with dataset, preprocessing and so on`);
  const parsed = overrides.map(parseOverride);
  const changed = applyOverrides(value as Record<string, unknown>, parsed);
  const configuration = validateConfiguration(changed, { place, overridden: new Set(parsed.map(({ key }) => key)) });
  // A root that the configuration merely suggests may be elsewhere on this machine; one that was asked for may not.
  const root = configuration.dataset.raw_data_directory_name;
  if (root !== null && parsed.some(({ key }) => key === 'dataset.raw_data_directory_name') && !existsSync(root))
    throw new UsageError(`missing dataset.raw_data_directory_name: ${bare(root)}; no such folder`);
  return configuration;
}

/**
 * `loadConfiguration` for one that must train.
 *
 * @throws UsageError also where it has no `run`, `model` and `optimization`
 */
export function loadTrainingConfiguration(file: string, overrides: readonly string[] = []): TrainingConfiguration {
  const configuration = loadConfiguration(file, overrides);
  if (!isTraining(configuration))
    throw new UsageError(
      `invalid configuration: ${bare(file)} only evaluates; to train it needs run, model, optimization`,
    );
  return configuration;
}
