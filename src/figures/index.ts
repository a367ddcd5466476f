export { escapeHtml } from './escape.js';
export { palette } from './palette.js';
export { type Figure, figureHtml } from './figure.js';
export { type LiveFigure, liveFigure, show, showHtml } from './display.js';
export { type CurveGroup, type RunCurves, summarizeCurves, trainingCurves } from './curves.js';
export { projectToPlane, type Projection } from './principal-components.js';
export { embeddingMap } from './embedding-map.js';
export { type ConfidenceInterval, confidenceInterval, repetitionIntervals } from './interval.js';
export { countInBins, histogram } from './histogram.js';
export { similarityMatrix } from './similarity-matrix.js';
export { type Picture, pictureSource } from './picture.js';
export { tripletsHtml } from './triplets.js';
export { type Neighbors, neighborsHtml } from './neighbors.js';
export { reliabilityDiagram, type ReliabilityOptions } from './reliability.js';
export { tableHtml } from './table.js';
export { distanceComparison } from './distance-comparison.js';
export { watchTraining } from './watch-training.js';
export { progressByPictures, type ProgressGroup, type ProgressOptions } from './progress-by-pictures.js';
export { runCurves } from './run-curves.js';
export { galleryHtml } from './gallery.js';
export { thumbnail } from './thumbnail.js';
export { itemPicture, tripletPictures } from './item-picture.js';
export { neighborRows, type NeighborRowsOptions } from './neighbor-rows.js';
export { spreadPoints } from './spread-points.js';
export { agreementMatrix, teacherVotes, type AgreementOptions } from './teacher-agreement.js';
export { datasetPlots, datasetTables, tripletsPerItem } from './dataset-statistics.js';
export { umap, type UmapOptions } from './umap.js';
export { readRuns, recordedCurves, watchRuns, type WatchRunsOptions } from './watch-runs.js';
export { writeHtml, type Shown } from './write-html.js';
export type { View } from './views/view.js';
export type { NamedEmbeddings } from './views/named-embeddings.js';
export type { Doubters } from './views/doubts.js';
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
export { valuesByDraw, type ValueOnDraws, type ValuesByDrawOptions } from './values-by-draw.js';
export { sourceHtml, sourceText } from './source.js';
