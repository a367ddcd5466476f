import { alignColumns } from '../status/align-columns.js';
import { metricWords } from '../../catalogue/metric-words.js';
import { missingIntervals, withoutShortIntervals, type Cell } from '../collect/columns.js';
import { ablationCells } from './cells.js';
import type { AblationResult } from './compare.js';
import { ablationVerdicts } from './verdicts.js';

const text = (cell: Cell): string => {
  if (typeof cell !== 'number') return cell ?? '';
  return Number.isInteger(cell) ? String(cell) : cell.toPrecision(3);
};

/** Formats an ablation as lines: a row for each value, and what can be said of it. */
export function formatAblation(result: AblationResult): string {
  const cells = withoutShortIntervals(ablationCells(result));
  const missing = missingIntervals(cells);
  const { metric, over } = result.reference.row;
  const [name, ...of] = metric.split(', ');
  const measured = metric === '' ? [] : [`${[metricWords(name), ...of].join(', ')}${over === '' ? '' : `: over ${over}`}`]; // prettier-ignore
  const rows = [Object.keys(cells[0]), ...cells.map((row) => Object.values(row).map(text))];
  return [
    ...measured,
    alignColumns(rows),
    ...(missing === undefined ? [] : [missing]),
    '',
    ...ablationVerdicts(result),
  ].join('\n');
}
