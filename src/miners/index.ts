export { relaxedSamplingMatters } from './relaxed-sampling-matters.js';
export { samplingMatters } from './sampling-matters.js';
export type { HostRows } from './distances.js';
