export { dumpConfiguration } from './dump.js';
export {
  loadConfiguration,
  loadConfigurationArguments,
  loadTrainingConfiguration,
  resolveConfiguration,
} from './load.js';
export { configurationFiles, locateConfiguration } from './locate.js';
export { expandRunRange, parseModelUri, runName } from './model-uri.js';
export type { ModelUri } from './model-uri.js';
export { configurationKeys, type ConfigurationKey } from './keys.js';
export { configurationNotes, metricNote } from './notes.js';
export { applyOverrides, configurationArguments, parseOverride } from './overrides.js';
export { repetitionConfiguration } from './repetitions.js';
export { isTraining } from './types.js';
export type * from './types.js';
