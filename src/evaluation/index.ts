export { evaluate, type Evaluation } from './evaluate.js';
export { embedItems, type ItemEmbeddings } from './load-model.js';
export { nearestNeighbors, type Neighbor } from './nearest-neighbors.js';
export { saveEmbeddings, type SavedEmbeddings } from './save-embeddings.js';
