export { relaxedDistanceWeighted } from './relaxed-distance-weighted.js';
export { distanceWeighted } from './distance-weighted.js';
export type { HostRows } from './distances.js';
export { miners, type Miner } from './registry.js';
export { register, type OwnMiner } from './own-miner.js';
