export { fractionCorrectTriplets, fractionCorrectOfTriplets } from './fraction-correct-triplets.js';
