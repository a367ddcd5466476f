import { parametersOf, type LossType } from '../../catalogue/losses.js';
import { ownPart, type PartKind } from '../../catalogue/own-parts.js';
import { nearest, UsageError, unknown } from '../../errors.js';
import type { RepeatedTraining, Table, TableRow } from './table.js';

/** The kind of part that tells a table's rows apart, and the keys that name one of one's own; by what is varied. */
const replaced: Readonly<Record<string, { kind: PartKind; overrides: (name: string) => string[] }>> = {
  loss: {
    kind: 'loss',
    overrides: (name) => [
      `model.loss_type=${name}`,
      ...(parametersOf(name as LossType).includes('batch_mining') ? [] : ['model.batch_mining=null']),
    ],
  },
  network: { kind: 'backbone', overrides: (name) => [`model.name=${name}`, 'model.frozen_variables=null'] },
};

/**
 * Returns the wanted rows that a table does not have itself: losses of one's own, or backbones where networks differ.
 *
 * @throws UsageError for a name that is neither a row nor such a part
 */
export function ownRowNames(table: Table, wanted: readonly string[]): string[] {
  const rows = new Set(table.rows.map(({ name }) => name));
  const kind = replaced[table.varied]?.kind;
  const others = [...new Set(wanted)].filter((name) => !rows.has(name));
  const missing = others.find((name) => kind === undefined || ownPart(kind, name) === undefined);
  if (missing === undefined) return others;
  const error = unknown(`row of ${table.name}`, missing, rows);
  if (kind === undefined || nearest(missing, rows) !== undefined) throw error;
  throw new UsageError(`${error.message}; a ${kind} of your own needs --import`);
}

/** Returns the row of a part of one's own: the reference's row with that part, on the same draws. */
export function ownRow({ varied }: Table, reference: TableRow, name: string): TableRow {
  const given = replaced[varied].overrides(name);
  const change = ({ configuration, overrides }: RepeatedTraining): RepeatedTraining => ({
    configuration,
    overrides: [...overrides, ...given],
  });
  if (reference.kind === 'networks')
    return { ...reference, name, training: change(reference.training), beyondPaper: true };
  const embeddings = reference.embeddings.map((split) => ({
    ...split,
    id: split.id.replace(/^pt_[^~]*/, `pt_${name}`),
    teachers: change(split.teachers),
  }));
  return { ...reference, name, embeddings, beyondPaper: true };
}
