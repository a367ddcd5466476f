import { MatElements, elementType } from './mat-elements.js';
import type { MatContext } from './mat-elements.js';
import { elementCount, itemSize, zeros } from '../nd-array.js';
import type { DType, NdArray, NdData } from '../nd-array.js';
import { fromFortranOrder } from '../npy.js';

/** A numeric or logical (`bool`) array. */
export interface MatNumeric extends NdArray {
  readonly kind: 'numeric';
}

/** A character array: one text for each row; an empty one ('') has none. */
export interface MatChar {
  readonly kind: 'char';
  readonly shape: readonly number[];
  readonly rows: readonly string[];
}

/** A cell array, its cells in C order. */
export interface MatCell {
  readonly kind: 'cell';
  readonly shape: readonly number[];
  readonly values: readonly MatValue[];
}

/** A struct array, its structs in C order, each with the same fields. */
export interface MatStruct {
  readonly kind: 'struct';
  readonly shape: readonly number[];
  readonly fields: readonly string[];
  readonly values: readonly ReadonlyMap<string, MatValue>[];
}

/** A kind of array that is not read: objects, sparse and complex arrays, functions. */
export interface MatOther {
  readonly kind: 'other';
  readonly description: string;
}

export type MatValue = MatNumeric | MatChar | MatCell | MatStruct | MatOther;

const empty: MatNumeric = { kind: 'numeric', dtype: 'float64', shape: [0, 0], data: zeros('float64', 0) };
const deepest = 32;
const mostDimensions = 32;
const mostFields = 65536;
/** Memory that an array needs besides its elements, and that a character needs while a text is decoded. */
const arrayCost = 512;
const characterCost = 32;
const classes = { cell: 1, struct: 2, char: 4, opaque: 17 } as const;
const otherClasses: Readonly<Record<number, string | undefined>> = { 3: 'object', 5: 'sparse', 16: 'function' };
const numericClasses: Readonly<Record<number, DType | undefined>> = {
  6: 'float64',
  7: 'float32',
  8: 'int8',
  9: 'uint8',
  10: 'int16',
  11: 'uint16',
  12: 'int32',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
};

/**
 * Decodes the name and value in the bytes of an array element.
 *
 * @throws UsageError where its parts are cut short or contradict each other
 */
export function decodeMatrix(bytes: Uint8Array, context: MatContext, depth = 0): [name: string, value: MatValue] {
  const elements = new MatElements(bytes, context);
  context.budget.spend(arrayCost, 'an array', 'it has too many arrays');
  if (bytes.length === 0) return ['', empty];
  if (depth > deepest) throw elements.invalid(`cells and structs lie more than ${deepest} deep in each other`);
  const flags = Number(elements.numbers('flags of an array')[0] ?? 0);
  const matlabClass = flags & 0xff;
  if (matlabClass === classes.opaque) return [elements.text(), { kind: 'other', description: 'opaque object' }];
  const sizes = elements.numbers('the size of an array');
  const shape = Array.from(sizes.subarray(0, mostDimensions) as Int32Array, Number);
  if (sizes.length > mostDimensions || !shape.every((size) => Number.isInteger(size) && size >= 0 && size < 2 ** 31))
    throw elements.invalid('an array has no valid size');
  return [elements.text(), decodeValue(elements, matlabClass, flags, shape, depth)];
}

function decodeValue(
  elements: MatElements,
  matlabClass: number,
  flags: number,
  shape: readonly number[],
  depth: number,
): MatValue {
  if (matlabClass === classes.cell) return decodeCell(elements, shape, depth);
  if (matlabClass === classes.struct) return decodeStruct(elements, shape, depth);
  if (matlabClass === classes.char) return decodeChar(elements, shape);
  const dtype = numericClasses[matlabClass];
  if (dtype === undefined) {
    const description = otherClasses[matlabClass];
    if (description === undefined) throw elements.invalid(`array class ${matlabClass} is unknown`);
    return { kind: 'other', description };
  }
  if (flags & 0x0800) return { kind: 'other', description: 'complex' };
  const stored = convert(elements.numbers('an array'), flags & 0x0200 ? 'bool' : dtype, elements);
  if (stored.length !== elementCount(shape)) throw sizeError(elements, stored.length, shape);
  return { kind: 'numeric', dtype: flags & 0x0200 ? 'bool' : dtype, shape, data: fromFortranOrder(stored, shape) };
}

function sizeError(elements: MatElements, length: number, shape: readonly number[]): Error {
  return elements.invalid(`an array has ${length} elements, and its size is ${shape.join(' x ')}`);
}

/** Converts numbers to their type: MATLAB stores them in the smallest type that holds them. */
function convert(stored: NdData, dtype: DType, elements: MatElements): NdData {
  if (zeros(dtype, 0).constructor === stored.constructor) return stored;
  elements.context.budget.spend(stored.length * itemSize(dtype), 'an array');
  const result = zeros(dtype, stored.length);
  if (!(result instanceof BigInt64Array || result instanceof BigUint64Array))
    for (let i = 0; i < stored.length; i++) result[i] = Number(stored[i]);
  else if (stored instanceof Float64Array || stored instanceof Float32Array)
    throw elements.invalid('64-bit integers are stored as fractions');
  else for (let i = 0; i < stored.length; i++) result[i] = BigInt(stored[i]);
  return result;
}

function decodeCell(elements: MatElements, shape: readonly number[], depth: number): MatCell {
  const count = elementCount(shape);
  // Each cell takes at least eight bytes: no list is made for cells that cannot exist.
  if (count > elements.left / 8) throw sizeError(elements, Math.floor(elements.left / 8), shape);
  const stored = Array.from({ length: count }, () => decodeNested(elements, depth));
  return { kind: 'cell', shape, values: fromFortranOrder(stored, shape) };
}

function decodeStruct(elements: MatElements, shape: readonly number[], depth: number): MatStruct {
  const width = Number(elements.numbers('the length of field names')[0] ?? 0);
  const names = elements.text();
  if (!(Number.isInteger(width) && width > 0 && names.length % width === 0 && names.length <= mostFields * width))
    throw elements.invalid('field names of a struct are damaged');
  const fields = Array.from({ length: names.length / width }, (_, i) =>
    names.slice(i * width, (i + 1) * width).replace(/\0.*$/s, ''),
  );
  const count = elementCount(shape);
  if (count > 1 && count * Math.max(1, fields.length) > elements.left / 8)
    throw sizeError(elements, Math.floor(elements.left / 8), shape);
  const stored = Array.from(
    { length: count },
    () => new Map(fields.map((field) => [field, decodeNested(elements, depth)])),
  );
  return { kind: 'struct', shape, fields, values: fromFortranOrder(stored, shape) };
}

function decodeNested(elements: MatElements, depth: number): MatValue {
  const { type, bytes } = elements.next();
  if (type !== elementType.matrix) throw elements.invalid('a cell or field is no array');
  return decodeMatrix(bytes, elements.context, depth + 1)[1];
}

function decodeChar(elements: MatElements, shape: readonly number[]): MatChar {
  const stored = decodeCharacters(elements);
  if (stored.length !== elementCount(shape)) throw sizeError(elements, stored.length, shape);
  if (stored.length === 0) return { kind: 'char', shape, rows: [] };
  const width = stored.length / shape[0];
  const characters = fromFortranOrder(stored, shape);
  const rows = Array.from({ length: shape[0] }, (_, row) => characters.slice(row * width, (row + 1) * width).join(''));
  return { kind: 'char', shape, rows };
}

/** Decodes UTF-16 units, which MATLAB's sizes count, or whole characters, which scipy's sizes count. */
function decodeCharacters(elements: MatElements): string[] {
  const element = elements.next();
  elements.context.budget.spend(element.bytes.length * characterCost, 'a text');
  if (element.type === elementType.utf8) return Array.from(new TextDecoder().decode(element.bytes));
  if (element.type === elementType.utf16) return new TextDecoder('utf-16le').decode(element.bytes).split('');
  const codes = elements.numbersOf(element);
  if (codes === undefined) throw elements.invalid('a text is stored in an unknown way');
  return Array.from(codes as Uint16Array, (code) => String.fromCharCode(Number(code)));
}
