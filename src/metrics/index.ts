export { brierScore, expectedCalibrationError, logLoss, reliabilityBins, type ReliabilityBin } from './calibration.js';
export { distanceCorrelation, type DistancePairs } from './distance-correlation.js';
export { fractionCorrectTriplets, fractionCorrectOfTriplets, correctTriplets } from './fraction-correct-triplets.js';
export {
  fractionSameTripletRelation,
  tripletRelation,
  type TeacherEmbeddings,
  type TripletRelationOptions,
} from './fraction-same-triplet-relation.js';
export { brokenRows, requireFinite } from './finite-rows.js';
export { meanPrecisionAt1, type MeanPrecisionOptions } from './mean-precision-at-1.js';
export { averageRanks, spearman } from './spearman.js';
export { farness, similarities, type Similarity } from './similarity.js';
export { retrieval, type Retrieval, type RetrievalOptions } from './retrieval.js';
export { classMetrics, relationMetrics, tripletMetrics } from './registry.js';
export { register, type MetricSupervision, type OwnMetric } from './own-metric.js';
