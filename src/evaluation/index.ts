export * from './alignment/index.js';
export { evaluationInputs } from './input-digests.js';
export { evaluate, evaluateBy, type Evaluation, type EvaluateOptions } from './evaluate.js';
export { embedAtStart, type Start } from './embed-at-start.js';
export { embedPictures, type EmbedPicturesOptions, type PictureEmbeddings } from './embed-pictures.js';
export { embedRun } from './embed-run.js';
export { embedItems, modelUri, rowsOf, type EmbedItemsOptions, type ItemEmbeddings } from './load-model.js';
export {
  nearestNeighbors,
  neighborsOf,
  type NearestNeighbors,
  type NearestNeighborsOptions,
  type Neighbor,
} from './nearest-neighbors.js';
export {
  answerProbabilities,
  calibrate,
  type AnswerOptions,
  type Calibration,
  type ProbabilityOptions,
} from './answer-probabilities.js';
export { compareOnTriplets, type ComparedModel } from './compare-on-triplets.js';
export { itemJackknife, type JackknifeMean } from './item-jackknife.js';
export { teacherAgreement } from './teacher-agreement.js';
export { teacherEnsemble, type TeacherEnsemble } from './teacher-ensemble.js';
export { exportWeights, type ExportedWeights, type ExportFormat, type ExportOptions } from './export-weights.js';
export { exportRun, type ExportedRun } from './export-run.js';
export { runUri, withRunUris } from './run-uri.js';
export { saveEmbeddings, type SavedEmbeddings } from './save-embeddings.js';
