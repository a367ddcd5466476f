import { UsageError } from '../../errors.js';
import { fileBytes, invalidFile, printable } from '../file-bytes.js';
import { Inflater } from '../inflate.js';
import { MatElements, elementType } from './mat-elements.js';
import { MemoryBudget } from '../memory-budget.js';
import { decodeMatrix } from './mat-values.js';
import type { MatValue } from './mat-values.js';

export type { MatCell, MatChar, MatNumeric, MatOther, MatStruct, MatValue } from './mat-values.js';

const headerSize = 128;
// Numbers stored in one byte each expand to eight, and an array of a few bytes in the file takes half a kilobyte of
// memory (the file of CARS has 113,000 arrays).
const expansion = { always: 2 ** 27, ratio: 32 };

/**
 * Reads the variables of a MATLAB 5 `.mat` file (MATLAB's `save -v6` and `-v7`, scipy's `savemat`) by name.
 *
 * Numeric, logical, character, cell and struct arrays are read, plain and compressed; others are
 * `{ kind: 'other' }`.
 *
 * @throws UsageError where the file is missing, damaged, of another version or big-endian
 *
 * Source: "MAT-File Format", The MathWorks, chapter 1 (level 5).
 */
export function readMat(file: string): Map<string, MatValue> {
  return decodeMat(fileBytes(file), file);
}

/** Decodes the variables in the bytes of a MATLAB 5 file; `name` is the file's name in errors. */
export function decodeMat(bytes: Uint8Array, name: string): Map<string, MatValue> {
  checkHeader(bytes, name);
  const inflater = new Inflater(name, bytes.length);
  const context = { file: name, budget: new MemoryBudget(name, bytes.length, expansion) };
  const elements = new MatElements(bytes.subarray(headerSize), context);
  const values = new Map<string, MatValue>();
  while (elements.left > 0) {
    const element = elements.next();
    const compressed = element.type === elementType.compressed;
    const { type, bytes: content } = compressed
      ? new MatElements(inflater.zlib(element.bytes, 'a compressed variable'), context).next()
      : element;
    if (type !== elementType.matrix) throw invalidFile(name, 'it holds something that is no variable');
    const [variable, value] = decodeMatrix(content, context);
    // MATLAB keeps data of objects in a variable without a name.
    if (variable === '') continue;
    if (values.has(variable)) throw invalidFile(name, `it has ${printable(variable)} twice`);
    values.set(variable, value);
  }
  return values;
}

function checkHeader(bytes: Uint8Array, name: string): void {
  if (bytes.length < headerSize) throw invalidFile(name, 'not a MATLAB 5 file, or cut short');
  const endian = String.fromCharCode(bytes[126], bytes[127]);
  if (endian === 'MI')
    throw new UsageError(`cannot read ${name}: big-endian; save it again on a little-endian machine`);
  const version = bytes[124] + 256 * bytes[125];
  if (endian !== 'IM') throw invalidFile(name, 'not a MATLAB 5 file');
  if (version === 0x0200) throw new UsageError(`cannot read ${name}: MATLAB 7.3; save it again with -v7`);
  if (version !== 0x0100) throw invalidFile(name, `MATLAB file version ${version} is unknown`);
}
