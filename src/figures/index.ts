export { escapeHtml } from '../html/escape.js';
export { palette } from './palette.js';
export { type Figure, figureHtml } from './figure.js';
export { type LiveFigure, liveFigure, show, showHtml } from './live/display.js';
export { type CurveGroup, type RunCurves, summarizeCurves, trainingCurves } from './plots/curves.js';
export { projectToPlane, type Projection } from './projections/principal-components.js';
export { embeddingMap } from './plots/embedding-map.js';
export { type ConfidenceInterval, confidenceInterval, repetitionIntervals } from './plots/interval.js';
export { countInBins, histogram } from './plots/histogram.js';
export { similarityMatrix } from './plots/similarity-matrix.js';
export { type Picture, pictureSource } from './pictures/picture.js';
export { tripletsHtml } from './pictures/triplets.js';
export { type Neighbors, neighborsHtml } from './pictures/neighbors.js';
export { reliabilityDiagram, type ReliabilityOptions } from './plots/reliability.js';
export { tableHtml } from './plots/table.js';
export { distanceComparison } from './plots/distance-comparison.js';
export { watchTraining } from './live/watch-training.js';
export { progressByPictures, type ProgressGroup, type ProgressOptions } from './plots/progress-by-pictures.js';
export { runCurves } from './plots/run-curves.js';
export { galleryHtml } from './pictures/gallery.js';
export { thumbnail } from './pictures/thumbnail.js';
export { itemPicture, tripletPictures } from './pictures/item-picture.js';
export { neighborRows, type NeighborRowsOptions } from './pictures/neighbor-rows.js';
export { spreadPoints } from './plots/spread-points.js';
export { agreementMatrix, teacherVotes, type AgreementOptions } from './plots/teacher-agreement.js';
export { datasetPlots, datasetTables, tripletsPerItem } from './plots/dataset-statistics.js';
export { umap, type UmapOptions } from './projections/umap.js';
export { readRuns, recordedCurves, watchRuns, type WatchRunsOptions } from './live/watch-runs.js';
export { writeHtml, type Shown } from './write-html.js';
export type { View } from './views/view.js';
export type { NamedEmbeddings } from './views/named-embeddings.js';
export type { UncertaintySource } from './views/teacher-uncertainty.js';
export { tripletBrowser, type TripletBrowserOptions } from './views/triplet-browser.js';
export { neighborBrowser, type NeighborBrowserOptions } from './views/neighbor-browser.js';
export {
  similarityBrowser,
  type GivenSimilarities,
  type SimilarityBrowserOptions,
} from './views/similarity-browser.js';
export { pictureMap, type PictureMapOptions } from './views/picture-map.js';
export { disagreementBrowser, type DisagreementBrowserOptions } from './views/disagreement-browser.js';
export { lossPicture, type LossPictureOptions } from './views/loss-picture.js';
export { valuesByDraw, type ValueOnDraws, type ValuesByDrawOptions } from './plots/values-by-draw.js';
export { sourceHtml, sourceText } from './source.js';
export { checkExercise, type Chapter } from './exercises.js';
