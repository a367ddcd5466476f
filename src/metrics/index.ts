export { distanceCorrelation, type DistancePairs } from './distance-correlation.js';
export { fractionCorrectTriplets, fractionCorrectOfTriplets } from './fraction-correct-triplets.js';
