export { evaluate, type Evaluation } from './evaluate.js';
export { embedItems, modelUri, rowsOf, type ItemEmbeddings } from './load-model.js';
export { nearestNeighbors, type Neighbor } from './nearest-neighbors.js';
export { teacherAgreement } from './teacher-agreement.js';
export { saveEmbeddings, type SavedEmbeddings } from './save-embeddings.js';
