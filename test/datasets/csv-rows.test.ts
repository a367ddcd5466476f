import test from 'ava';
import { forEachRow } from '../../src/datasets/custom/csv-rows.js';

function rowsOf(text: string): string[] {
  const rows: string[] = [];
  forEachRow(Buffer.from(text), ',', (cells, line) => rows.push(`${line}: ${cells.join('|')}`));
  return rows;
}

test('rows are the same in one piece and in many', (t) => {
  for (const [ending, quote] of [
    ['\n', ''],
    ['\r\n', '"'],
    ['\r', '"'],
  ] as const) {
    // A cell of 1.5 MB lies across pieces; line 2 is blank.
    const long = 'x'.repeat(1000);
    const huge = quote === '' ? long : `${long}\n`.repeat(1500);
    const cells = Array.from({ length: 1500 }, (_, i) => [
      `a ${i}`,
      i === 1234 ? huge : long,
      `${i},`.slice(0, quote === '' ? -1 : undefined),
    ]);
    const lines = cells.map((row) => row.map((cell) => quote + cell + quote).join(', '));
    const text = [lines[0], '', ...lines.slice(1)].join(ending);
    const expected = cells.map((row, i) => `${i === 0 ? 1 : i + 2}: ${row.map((cell) => cell.trim()).join('|')}`);
    t.deepEqual(rowsOf(text), expected);
    t.deepEqual(rowsOf(`\ufeff${text}${ending}`), expected);
  }
});
