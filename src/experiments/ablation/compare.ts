import { collectTable } from '../collect/collect.js';
import type { CollectedRow, CollectedTable, Comparison } from '../collect/collected.js';
import { withReference, type Judged } from '../collect/columns.js';
import { recordOf } from '../jobs/result.js';
import type { Ablation, Variant } from './ablation.js';

/** A value's comparison with the reference on the draws that both have, corrected for all comparisons. */
export type VariantComparison = Comparison & Judged;

/** A value and its results. */
export interface ComparedVariant {
  readonly variant: Variant;
  readonly row: CollectedRow;
  /** The metric by which checkpoints, and settings, are chosen: the mean over the finished draws. */
  readonly validation: { readonly metric: string; readonly mean: number } | null;
  /** Undefined for the reference, and where there is nothing to compare yet. */
  readonly comparison: VariantComparison | undefined;
}

/** An ablation's numbers from the runs that are finished. */
export interface AblationResult {
  readonly table: CollectedTable;
  readonly variants: readonly ComparedVariant[];
  readonly reference: ComparedVariant;
  /** The number of values that are compared with the reference. */
  readonly comparisons: number;
}

/** Collects an ablation from its records: every value, and its paired differences to the reference. */
export function compareAblation(ablation: Ablation): AblationResult {
  const table = collectTable(ablation);
  const found = withReference(table);
  const variants = ablation.variants.map((variant, i): ComparedVariant => {
    const at = found.findIndex(({ first }) => first === variant.name);
    return {
      variant,
      row: table.rows[i],
      validation: validationOf(variant, ablation.folder),
      comparison: at < 0 ? undefined : found[at],
    };
  });
  const reference = variants.find(({ variant }) => variant === ablation.reference)!;
  return { table, variants, reference, comparisons: found.length };
}

function validationOf({ draws }: Variant, folder: string): ComparedVariant['validation'] {
  const best = draws.flatMap(({ compared }) => {
    const record = recordOf(compared, folder);
    return record?.status === 'finished' ? (record.best ?? []) : [];
  });
  if (best.length === 0) return null;
  return { metric: best[0].metric, mean: best.reduce((sum, { value }) => sum + value, 0) / best.length };
}
