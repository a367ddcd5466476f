export { lessonSize, type LessonSize } from './lesson-size.js';
export { loadPlan, resolvePlan, type Plan, type PlannedTraining } from './plan.js';
export { prepareOwnData, type OwnData, type WantedData } from './own-data.js';
export { reproduce, type ReproduceOptions } from './reproduce.js';
export { studentTable } from './student-table.js';
export { formatResults, RESULTS_FILE, type ResultRow, type Results } from './results.js';
export { pairedDifferences, summarizeRows, type RowSummary, type Spread } from './summary.js';
