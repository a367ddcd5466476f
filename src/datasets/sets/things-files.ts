import { parse } from 'csv-parse/sync';
import type { NdArray } from '../../formats/nd-array.js';
import { parseTextMatrix } from '../../formats/text-matrix.js';
import { readMat, type MatValue } from '../../formats/mat/mat.js';
import { UsageError } from '../../errors.js';
import { DataFolder } from '../data-folder.js';

const CONCEPTS_FILE = 'Main/things_concepts.tsv';
const ID_COLUMN = 'uniqueID';
const REMAP_FILE = 'Revealing/variables/sortind.mat';
const REMAP_JSON_FILE = 'Revealing/variables/sortind.json';
const TEST_NAMES_FILE = 'Revealing/variables/words48.mat';
const TEST_DISSIMILARITY_FILE = 'Revealing/data/RDM48_triplet.mat';
// words48 has plain words; these ones each match two concepts.
const meantConcepts: Readonly<Record<string, string>> = { camera: 'camera1', file: 'file1' };

/**
 * Reads the unique ids of the concepts, which name their picture folders: column `uniqueID` of the tab-separated table.
 *
 * @throws UsageError where the table is invalid or has no such column, or an id occurs twice
 */
export function readConcepts(folder: DataFolder): string[] {
  const rows = parseTable(folder, folder.read(CONCEPTS_FILE));
  if (rows.length < 2) throw folder.invalid(CONCEPTS_FILE, null, 'no concepts');
  const column = rows[0].indexOf(ID_COLUMN);
  if (column < 0) throw folder.invalid(CONCEPTS_FILE, 1, `no header with a column ${ID_COLUMN}`);
  const seen = new Set<string>();
  return rows.slice(1).map((row, i) => {
    const id = row.at(column);
    if (!id) throw folder.invalid(CONCEPTS_FILE, i + 2, `no unique id in the column ${ID_COLUMN}`);
    if (seen.has(id)) throw folder.invalid(CONCEPTS_FILE, i + 2, `${id} occurs twice`);
    seen.add(id);
    return id;
  });
}

function parseTable(folder: DataFolder, bytes: Buffer): string[][] {
  try {
    return parse(bytes, {
      delimiter: '\t',
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      bom: true,
    });
  } catch (error) {
    throw folder.invalid(CONCEPTS_FILE, null, (error as Error).message);
  }
}

/**
 * Reads the concept that index i of the triplet files means, which is the position of i + 1 in `sortind`: `[concepts]`.
 *
 * @throws UsageError where `sortind.mat` (or beside it `sortind.json`, an array) is no permutation of 1 to n
 */
export function readRemap(folder: DataFolder, concepts: number): Int32Array {
  const json = !folder.has(REMAP_FILE) && folder.has(REMAP_JSON_FILE);
  const name = json ? REMAP_JSON_FILE : REMAP_FILE;
  const order = json ? jsonNumbers(folder, name) : matNumbers(folder, name, 'sortind').data;
  const meaning = new Int32Array(concepts).fill(-1);
  for (let i = 0; i < order.length; i++) {
    const place = Number(order[i]) - 1;
    if (!Number.isInteger(place) || meaning[place] !== -1 || order.length !== concepts)
      throw folder.invalid(name, null, `not the numbers 1 to ${concepts}, each once`);
    meaning[place] = i;
  }
  if (order.length === 0) throw folder.invalid(name, null, `not the numbers 1 to ${concepts}, each once`);
  return meaning;
}

/**
 * Reads the concepts of words48, which the similarity matrix is about: `[48]`.
 *
 * @throws UsageError where a word names no concept
 */
export function readTestClasses(folder: DataFolder, classNames: readonly string[]): Int32Array {
  const cells = matValue(folder, TEST_NAMES_FILE, 'words48');
  if (cells.kind !== 'cell') throw folder.invalid(TEST_NAMES_FILE, null, 'words48 is not a cell array');
  const classOf = new Map(classNames.map((name, index) => [name, index]));
  return Int32Array.from(cells.values, (cell) => {
    const word = matText(cell);
    if (word === null) throw folder.invalid(TEST_NAMES_FILE, null, 'a cell of words48 holds no text');
    const concept = word.replaceAll(' ', '_');
    const index = classOf.get(meantConcepts[concept] ?? concept);
    if (index === undefined) throw folder.invalid(TEST_NAMES_FILE, null, `${word} is no concept`);
    return index;
  });
}

/** Reads the human similarity of the concepts of `readTestClasses`, 1 - `RDM48_triplet`: `[48, 48] float64`. */
export function readTestSimilarity(folder: DataFolder): NdArray {
  const { shape, data } = matNumbers(folder, TEST_DISSIMILARITY_FILE, 'RDM48_triplet');
  if (shape.length !== 2 || shape[0] !== shape[1])
    throw folder.invalid(TEST_DISSIMILARITY_FILE, null, `RDM48_triplet is ${shape.join(' x ')}, not square`);
  return { dtype: 'float64', shape, data: Float64Array.from(data as Float64Array, (value) => 1 - Number(value)) };
}

/**
 * Reads the SPoSE embedding of the concepts, made from the same triplets: `[concepts, dimensions] float64`, tsv order.
 *
 * @param dimensions 49, or 66 where that file exists too
 * @throws UsageError where a row has another number of values, or one that is no number
 */
export function readSposeEmbedding(folder: DataFolder, dimensions = 49): NdArray {
  const name = `Revealing/data/spose_embedding_${dimensions}d_sorted.txt`;
  const text = folder.read(name).toString('latin1');
  return parseTextMatrix(text, (line, problem) => folder.invalid(name, line, problem), dimensions);
}

function jsonNumbers(folder: DataFolder, name: string): readonly unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(folder.read(name).toString('utf8'));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw folder.invalid(name, null, 'not JSON');
  }
  if (!Array.isArray(json)) throw folder.invalid(name, null, 'not an array of numbers');
  return json.map((value: unknown) => (typeof value === 'number' ? value : NaN));
}

function matValue(folder: DataFolder, name: string, variable: string): MatValue {
  const value = readMat(folder.file(name)).get(variable);
  if (value === undefined) throw folder.invalid(name, null, `it has no ${variable}`);
  return value;
}

function matNumbers(folder: DataFolder, name: string, variable: string): NdArray {
  const value = matValue(folder, name, variable);
  if (value.kind !== 'numeric') throw folder.invalid(name, null, `${variable} holds no numbers`);
  return value;
}

function matText(value: MatValue): string | null {
  if (value.kind === 'cell') return value.values.length === 1 ? matText(value.values[0]) : null;
  return value.kind === 'char' && value.rows.length === 1 ? value.rows[0] : null;
}
