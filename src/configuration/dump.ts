import { dump } from 'js-yaml';
import type { Configuration } from './types.js';
import { validateConfiguration } from './validate.js';
import { yamlSchema } from './yaml.js';

/**
 * Writes a configuration as YAML that loads to the same configuration; its keys are always in the same order.
 *
 * @throws UsageError where it is no valid configuration
 */
export function dumpConfiguration(configuration: Configuration): string {
  const ordered = validateConfiguration({ ...configuration }, { place: 'the configuration', overridden: new Set() });
  return dump(ordered, { schema: yamlSchema, noRefs: true, lineWidth: -1 });
}
