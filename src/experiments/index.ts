export { trainingBudget, type TrainingBudget } from './plans/training-budget.js';
export { loadPlan, resolvePlan, type Plan, type PlannedTraining } from './plans/plan.js';
export { prepareOwnData, type OwnData, type WantedData } from './plans/own-data.js';
export { reproduce, type ReproduceOptions } from './plans/reproduce.js';
export { studentTable } from './plans/student-table.js';
export { formatResults, RESULTS_FILE, type ResultRow, type Results } from './plans/results.js';
export { pairedDifferences, summarizeRows, type RowSummary, type Spread } from './plans/summary.js';
export { loadTable, type LoadTableOptions } from './tables/load-table.js';
export { EXPERIMENTS_FOLDER, type ResolvedTable } from './jobs/resolve-table.js';
export { describeJobs } from './status/describe-jobs.js';
export { describeTable } from './status/describe-table.js';
export { runTable, type RunTableOptions, type RunTableReport } from './runners/run-table.js';
export { tableStatus, type JobStatus, type TableStatus } from './status/status.js';
export { formatStatus, statusHeadline } from './status/format-status.js';
export { findings } from './findings/findings.js';
export { findingsPage } from './findings/page.js';
export type { Finding } from './findings/finding.js';
export { keepTable } from './tables/keep-table.js';
export { importRuns, type ImportedRun, type ImportOptions } from './import-runs.js';
export { collectTable, compareRows } from './collect/collect.js';
export type { CollectedRow, CollectedRun, CollectedTable, Comparison } from './collect/collected.js';
export {
  comparableRows,
  comparisonCells,
  judge,
  rowCells,
  withReference,
  type ComparableRows,
  type Judged,
} from './collect/columns.js';
export { networkProgress, type NetworkProgress } from './collect/progress.js';
export { describeDifference, type TestedDifference } from './collect/describe-difference.js';
export { tablePoints } from './collect/points.js';
export { tableFrames } from './collect/frame.js';
export { storedTable } from './collect/stored-table.js';
export { loadPublished, type Published } from './collect/published.js';
export { tableFormats, writeTable } from './collect/write.js';
export { loadResources, noResources, type Resources } from './runners/slurm/resources.js';
export { submitTable, type Submitted } from './runners/slurm/submit.js';
export { profiles, type Profile } from './table-profiles/index.js';
export { tables, type Table, type TableRow } from './tables/index.js';
export { loadAblation, type Ablation, type Variant, type WantedAblation } from './ablation/ablation.js';
export { ablationBases, type AblationBase, type AblationData } from './ablation/base.js';
export { compareAblation, type AblationResult, type ComparedVariant } from './ablation/compare.js';
export { ablationCells } from './ablation/cells.js';
export { differencePoints, valuePoints, type ValuePoints } from './ablation/points.js';
export { variantDifferences, type SettingDifference } from './ablation/differences.js';
export { watchAblation, type FollowedAblation, type VariantRecords } from './ablation/watch.js';
export { ablationVerdicts, drawsNeeded } from './ablation/verdicts.js';
export { describeAblation } from './ablation/describe.js';
export { formatAblation } from './ablation/format.js';
export { parseSettingValues, type SettingValue } from './ablation/setting.js';
