import type { UsageError } from '../errors.js';
import type { NdArray } from './nd-array.js';
import { printable } from './file-bytes.js';

/**
 * Parses the matrix in a text without a header: each line is a row of numbers with blanks, tabs, commas or semicolons.
 *
 * @param invalid makes the error for a line, counted from 1
 * @param columns the required number of columns (default: as many as in the first line)
 * @returns `[rows, columns] float64`
 * @throws UsageError where a line has another number of values, or one that is not finite
 */
export function parseTextMatrix(
  text: string,
  invalid: (line: number, problem: string) => UsageError,
  columns?: number,
): NdArray {
  const lines = text.trimEnd().split('\n');
  const valuesOf = (line: string): string[] => line.trim().split(/\s*[,;]\s*|\s+/);
  const wanted = columns ?? valuesOf(lines[0]).length;
  const data = new Float64Array(lines.length * wanted);
  lines.forEach((line, row) => {
    const values = valuesOf(line);
    if (values.length !== wanted) throw invalid(row + 1, `${values.length} values instead of ${wanted}`);
    values.forEach((word, column) => {
      const value = word === '' ? NaN : Number(word);
      if (!Number.isFinite(value)) throw invalid(row + 1, `'${printable(word, 40)}' is not a number`);
      data[row * wanted + column] = value;
    });
  });
  return { dtype: 'float64', shape: [lines.length, wanted], data };
}
