import { invalidFile } from '../file-bytes.js';
import type { MemoryBudget } from '../memory-budget.js';
import { fromBytes } from '../nd-array.js';
import type { DType, NdData } from '../nd-array.js';

/** Types of data elements that hold no plain numbers. */
export const elementType = { matrix: 14, compressed: 15, utf8: 16, utf16: 17, utf32: 18 } as const;

const numberTypes: Readonly<Record<number, DType | undefined>> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'float32',
  9: 'float64',
  12: 'int64',
  13: 'uint64',
};

/** What the readers of one file's parts share: its name, and how much more memory they may use. */
export interface MatContext {
  readonly file: string;
  readonly budget: MemoryBudget;
}

/** A data element: its type and its bytes. */
export interface MatElement {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Reads consecutive data elements from bytes, never beyond their end. */
export class MatElements {
  private at = 0;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    readonly context: MatContext,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The number of bytes not read yet. */
  get left(): number {
    return Math.max(0, this.bytes.length - this.at);
  }

  /**
   * Reads the next element; small ones share eight bytes with their tag.
   *
   * @throws UsageError where it is cut short
   */
  next(): MatElement {
    if (this.left < 8) throw this.invalid('it is cut short');
    const word = this.view.getUint32(this.at, true);
    const small = word >>> 16;
    const type = small > 0 ? word & 0xffff : word;
    const length = small > 0 ? small : this.view.getUint32(this.at + 4, true);
    const start = this.at + (small > 0 ? 4 : 8);
    if (small > 4 || start + length > this.bytes.length) throw this.invalid('it is cut short');
    // All but compressed elements are padded to a multiple of eight bytes.
    const end = start + length;
    this.at = type === elementType.compressed ? end : Math.ceil(end / 8) * 8;
    return { type, bytes: this.bytes.subarray(start, end) };
  }

  /** Reads the next element's numbers, as stored. */
  numbers(what: string): NdData {
    const numbers = this.numbersOf(this.next());
    if (numbers === undefined) throw this.invalid(`${what} is not stored as numbers`);
    return numbers;
  }

  /** Returns an element's numbers, or undefined where it has another type. */
  numbersOf({ type, bytes }: MatElement): NdData | undefined {
    const dtype = numberTypes[type];
    return dtype === undefined ? undefined : fromBytes(dtype, bytes);
  }

  /** Reads the next element as plain text (names of variables and fields). */
  text(): string {
    return new TextDecoder('latin1').decode(this.next().bytes);
  }

  /** Makes the error for this file. */
  invalid(what: string): Error {
    return invalidFile(this.context.file, what);
  }
}
