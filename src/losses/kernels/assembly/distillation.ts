// asc: -O3 --noAssert --runtime stub --enable simd --importMemory --initialMemory 1
// Losses of a batch over all its pairs and triplets of rows, with their gradients. The caller's data start at 65536;
// below that are the tables of the exponential.
export { angles, inverseRoots, relativeDistances } from './distillation/angles';
export {
  hingesByPairs,
  hingesByRelations,
  hingesByVotes,
  relationFactors,
  sumOfWeights,
} from './distillation/hinges';
export {
  addDistances,
  bySquares,
  gradientOfSimilarities,
  gradientOfSquares,
  pack,
  similarities,
  squaredDifferences,
} from './distillation/pairs';
export { regression, regressionSpan, regressionStepwise } from './distillation/regression';
export { semihardByPairs, semihardByRelations } from './distillation/semihard';
export { classPairs, contrastive, multiSimilarity, nce, pairWeights, relaxedContrastive, sum } from './distillation/sums';
