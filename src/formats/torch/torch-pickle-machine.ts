import { UsageError } from '../../errors.js';
import { invalidFile, printable } from '../file-bytes.js';

/** Something that a pickle names by module and name, to be called by REDUCE or to be an argument. */
export interface PickleGlobal {
  readonly name: string;
  /** Returns the result of a call; absent where it may only be named. It must be harmless whatever the arguments. */
  readonly call?: (...parameters: unknown[]) => unknown;
}

/** The meaning of a pickle beyond plain values, and the file's name in errors. */
export interface PickleContext {
  readonly file: string;
  /** The file's size in bytes. */
  readonly fileSize?: number;
  /** The only things that may be named; anything else is refused without being looked up. */
  readonly globals: ReadonlyMap<string, PickleGlobal>;
  /** Returns the object that a persistent id stands for. */
  persistent(id: unknown): unknown;
}

/**
 * Most operations of one pickle and items that its calls copy: each takes up to 200 bytes of memory. A state dict takes
 * forty for a tensor. Larger files may have more.
 */
const mostOperations = { always: 2_000_000, ratio: 1 / 64 };

/** Marks on the stack where the items of a container begin. */
export const mark = Symbol('mark');

/** The state that a pickle's operations work on: the bytes, a stack, and a memo of earlier values. */
export class Machine {
  at: number;
  readonly memo = new Map<number, unknown>();
  readonly context: PickleContext;
  private readonly stack: unknown[] = [];
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private left: number;

  constructor(bytes: Uint8Array, start: number, context: PickleContext) {
    this.left = Math.max(mostOperations.always, (context.fileSize ?? 0) * mostOperations.ratio);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
    this.context = context;
  }

  damaged(what: string): UsageError {
    return invalidFile(this.context.file, what);
  }

  /** Counts operations, or items that are copied: a small file can ask for endless ones. */
  spend(count: number): void {
    this.left -= count;
    if (this.left < 0) throw this.damaged('its pickle holds far more than weights need');
  }

  byte(): number {
    return this.take(1)[0];
  }

  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at) throw this.damaged('its pickle is cut short');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Reads an unsigned integer of this many bytes. */
  unsigned(size: 1 | 2 | 4 | 8): number {
    this.take(size);
    const at = this.at - size;
    if (size === 1) return this.view.getUint8(at);
    if (size === 2) return this.view.getUint16(at, true);
    if (size === 4) return this.view.getUint32(at, true);
    return Number(this.view.getBigUint64(at, true));
  }

  int32(): number {
    this.take(4);
    return this.view.getInt32(this.at - 4, true);
  }

  float64(): number {
    this.take(8);
    return this.view.getFloat64(this.at - 8, false);
  }

  /** Reads a line of text, up to the next newline. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0 || end - this.at > 1000) throw this.damaged('a name in its pickle is too long');
    const text = this.take(end - this.at);
    this.at++;
    return Buffer.from(text.buffer, text.byteOffset, text.length).toString('utf8');
  }

  text(length: number, encoding: 'utf8' | 'latin1'): string {
    const bytes = this.take(length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(encoding);
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0) throw this.damaged('its pickle needs a value that is not there');
    const value = this.stack.pop();
    if (value === mark) throw this.damaged('its pickle needs a value that is not there');
    return value;
  }

  top(): unknown {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  /** Removes the last mark and everything above it, and returns what was above it. */
  sinceMark(): unknown[] {
    const at = this.stack.lastIndexOf(mark);
    if (at < 0) throw this.damaged('its pickle needs a value that is not there');
    const values = this.stack.splice(at + 1);
    this.stack.pop();
    return values;
  }

  recall(index: number): unknown {
    if (!this.memo.has(index)) throw this.damaged('its pickle refers to a value that it has not stored');
    return this.memo.get(index);
  }

  global(module: unknown, name: unknown): PickleGlobal {
    // Nested lists as text could overflow the stack or take endless time.
    if (typeof module !== 'string' || typeof name !== 'string')
      throw this.damaged('its pickle has a name that is not a text');
    const path = `${module}.${name}`;
    const global = this.context.globals.get(path);
    if (global !== undefined) return global;
    throw new UsageError(
      `cannot read ${printable(this.context.file, 1000)}: it names ${printable(path, 100)}, which is no tensor or ` +
        'plain value; nothing of it was run; save the tensors alone: torch.save(model.state_dict(), FILE)',
    );
  }

  call(callable: unknown, parameters: unknown): unknown {
    const global = callable as PickleGlobal | null;
    if (typeof global?.call !== 'function' || !Array.isArray(parameters))
      throw this.damaged('its pickle calls something that is no function');
    for (const parameter of parameters as unknown[])
      if (Array.isArray(parameter)) this.spend(parameter.length);
      else if (parameter instanceof Map || parameter instanceof Set) this.spend(parameter.size);
    this.spend(parameters.length);
    return global.call(...(parameters as unknown[]));
  }
}
