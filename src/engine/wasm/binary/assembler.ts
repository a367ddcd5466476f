// A small assembler for WebAssembly: expressions are byte sequences, put together by functions named as the instructions.
// It exists because the kernels of product-kernels.ts must be made for a memory that is shared between threads or not,
// whichever this machine allows, and because nothing then has to be built or found at run time.
import { HEADER, SECTION, memoryImport, name, section, signed, unsigned, vector, type Bytes } from './encoding.js';

const TYPE = { i32: 0x7f, v128: 0x7b } as const;
type Type = keyof typeof TYPE;

export interface Local {
  readonly index: number;
}

/** One function of a module: `parameters` 32-bit integers, no result. */
export class FunctionBody {
  readonly parameters: readonly Local[];
  private readonly types: Type[] = [];
  private code: Bytes = [];

  constructor(parameters: number) {
    this.parameters = Array.from({ length: parameters }, (_, index) => ({ index }));
  }

  local(type: Type = 'i32'): Local {
    this.types.push(type);
    return { index: this.parameters.length + this.types.length - 1 };
  }

  locals(count: number, type: Type = 'i32'): Local[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  body(...code: Bytes[]): void {
    this.code = code.flat();
  }

  encode(): Bytes {
    const content = [...vector(this.types.map((type) => [1, TYPE[type]])), ...this.code, 0x0b];
    return [...unsigned(content.length), ...content];
  }
}

/** A module that imports `env.memory` and exports the named functions, in order. */
export function assemble(functions: Readonly<Record<string, FunctionBody>>, shared: boolean): WebAssembly.Module {
  const bodies = Object.values(functions);
  const signature = (f: FunctionBody) => [0x60, ...vector(Array<Bytes>(f.parameters.length).fill([TYPE.i32])), 0];
  const bytes = [
    ...HEADER,
    ...section(SECTION.type, vector(bodies.map(signature))),
    ...section(SECTION.import, vector([memoryImport('memory', 1, shared)])),
    ...section(SECTION.function, vector(bodies.map((_, i) => unsigned(i)))),
    ...section(SECTION.export, vector(Object.keys(functions).map((key, i) => [...name(key), 0, ...unsigned(i)]))),
    ...section(SECTION.code, vector(bodies.map((f) => f.encode()))),
  ];
  return new WebAssembly.Module(new Uint8Array(bytes));
}

// Locals and integers
export const get = (local: Local): Bytes => [0x20, ...unsigned(local.index)];
export const set = (local: Local, value: Bytes): Bytes => [...value, 0x21, ...unsigned(local.index)];
export const integer = (value: number): Bytes => [0x41, ...signed(value)];
const binary = (opcode: number) => (a: Bytes, b: Bytes) => [...a, ...b, opcode];
export const add = binary(0x6a);
export const subtract = binary(0x6b);
export const times = binary(0x6c);
export const and = binary(0x71);
export const shiftLeft = binary(0x74);
export const shiftRight = binary(0x76);
export const equal = binary(0x46);
export const less = binary(0x48); // signed: counts
export const below = binary(0x49); // unsigned: addresses
export const increase = (local: Local, by: Bytes): Bytes => set(local, add(get(local), by));

// Memory; offsets in bytes
const access =
  (...opcode: number[]) =>
  (address: Bytes, offset = 0) => [...address, ...opcode, 0, ...unsigned(offset)];
const store = (...opcode: number[]) => (address: Bytes, value: Bytes, offset = 0) =>
  [...address, ...value, ...opcode, 0, ...unsigned(offset)]; // prettier-ignore
export const load = access(0x28);

export const loadFloat = access(0x2a);
export const storeFloat = store(0x38);
export const addFloats = binary(0x92);
export const loadVector = access(0xfd, 0);
export const loadSplat = access(0xfd, 9); // the same float in all four lanes
export const storeVector = store(0xfd, 11);
export const ZERO_VECTOR: Bytes = [0xfd, 12, ...Array<number>(16).fill(0)];
export const ZERO_FLOAT: Bytes = [0x43, 0, 0, 0, 0];
export const addVectors = (a: Bytes, b: Bytes): Bytes => [...a, ...b, 0xfd, 0xe4, 1];
export const timesVectors = (a: Bytes, b: Bytes): Bytes => [...a, ...b, 0xfd, 0xe6, 1];
/** Four lanes picked from the eight of a and b. */
export const shuffle = (a: Bytes, b: Bytes, lanes: readonly number[]): Bytes =>
  [...a, ...b, 0xfd, 13, ...lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3])]; // prettier-ignore

// Between threads; addresses must be multiples of 4
const ALIGNED = 2;
export const loadAtomic = (address: Bytes, offset: number): Bytes => [
  ...address,
  0xfe,
  0x10,
  ALIGNED,
  ...unsigned(offset),
];
export const storeAtomic = (address: Bytes, value: Bytes, offset: number): Bytes =>
  [...address, ...value, 0xfe, 0x17, ALIGNED, ...unsigned(offset)]; // prettier-ignore
/** Adds and leaves the value before. */
export const fetchAdd = (address: Bytes, value: Bytes, offset: number): Bytes =>
  [...address, ...value, 0xfe, 0x1e, ALIGNED, ...unsigned(offset)]; // prettier-ignore
/** Sleeps while the value at the address is `expected`. */
export const wait = (address: Bytes, expected: Bytes, offset: number): Bytes =>
  [...address, ...expected, 0x42, 0x7f, 0xfe, 0x01, ALIGNED, ...unsigned(offset), 0x1a]; // prettier-ignore
export const notify = (address: Bytes, count: Bytes, offset: number): Bytes =>
  [...address, ...count, 0xfe, 0x00, ALIGNED, ...unsigned(offset), 0x1a]; // prettier-ignore

// Control
const NOTHING = 0x40;
export const drop = (value: Bytes): Bytes => [...value, 0x1a];
export const call = (index: number, ...values: Bytes[]): Bytes => [...values.flat(), 0x10, ...unsigned(index)];
export const leave: Bytes = [0x0f];
export const when = (condition: Bytes, then: Bytes[], otherwise: Bytes[] = []): Bytes =>
  [...condition, 0x04, NOTHING, ...then.flat(), ...(otherwise.length > 0 ? [0x05, ...otherwise.flat()] : []), 0x0b]; // prettier-ignore
/** Repeats while the condition, looked at before each round, holds. */
export const repeatWhile = (condition: Bytes, ...body: Bytes[]): Bytes =>
  [...condition, 0x04, NOTHING, 0x03, NOTHING, ...body.flat(), ...condition, 0x0d, 0, 0x0b, 0x0b]; // prettier-ignore
