export { relaxedDistanceWeighted } from './relaxed-distance-weighted.js';
export { distanceWeighted } from './distance-weighted.js';
export type { HostRows } from './distances.js';
