import { Machine, mark, type PickleContext } from './torch-pickle-machine.js';

export type { PickleContext, PickleGlobal } from './torch-pickle-machine.js';

const STOP = 0x2e;
/** Bytes of the longest integer: weights need no longer ones, which would take long. */
const longestInteger = 16;

/**
 * Rebuilds the value of one pickle: numbers, texts, bytes, lists and tuples (arrays), dicts (`Map`), sets, and what the
 * context's globals make. It is a stack machine that can run nothing else.
 *
 * It reads protocols 2 to 5, as torch writes them, without buffers outside the stream.
 *
 * @returns the value, and where the pickle ends
 * @throws UsageError where a global is not among the known ones, naming it, and where the stream is damaged
 *
 * Source: CPython's `pickletools`.
 */
export function unpickle(bytes: Uint8Array, start: number, context: PickleContext): { value: unknown; end: number } {
  const machine = new Machine(bytes, start, context);
  for (;;) {
    const code = machine.byte();
    if (code === STOP) return { value: machine.pop(), end: machine.at };
    const operation = operations[code];
    if (operation === undefined) throw machine.damaged(`pickle operation 0x${code.toString(16)} is not one of weights`);
    machine.spend(1);
    operation(machine);
  }
}

type Operation = (machine: Machine) => void;

const integer =
  (read: (machine: Machine) => number): Operation =>
  (machine) => {
    const bytes = machine.take(read(machine));
    if (bytes.length > longestInteger) throw machine.damaged('an integer in its pickle is too long');
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
    value = BigInt.asIntN(8 * bytes.length, value);
    const small = Number(value);
    machine.push(Number.isSafeInteger(small) ? small : value);
  };
const text =
  (size: 1 | 4 | 8, encoding: 'utf8' | 'latin1'): Operation =>
  (machine) =>
    machine.push(machine.text(machine.unsigned(size), encoding));
const binary =
  (size: 1 | 4 | 8): Operation =>
  (machine) =>
    machine.push(machine.take(machine.unsigned(size)));
const constant =
  (value: unknown): Operation =>
  (machine) =>
    machine.push(value);
const made =
  (make: () => unknown): Operation =>
  (machine) =>
    machine.push(make());
const tuple =
  (length: number): Operation =>
  (machine) =>
    machine.push(Array.from({ length }, () => machine.pop()).reverse());
const get =
  (size: 1 | 4): Operation =>
  (machine) =>
    machine.push(machine.recall(machine.unsigned(size)));
const put =
  (size: 1 | 4): Operation =>
  (machine) =>
    machine.memo.set(machine.unsigned(size), machine.top());

function setItems(machine: Machine, pairs: readonly unknown[]): void {
  const target = machine.top();
  if (!(target instanceof Map) || pairs.length % 2 > 0)
    throw machine.damaged('its pickle adds entries to something that is no dict');
  for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i], pairs[i + 1]);
}

function append(machine: Machine, values: readonly unknown[]): void {
  const target = machine.top();
  if (!Array.isArray(target)) throw machine.damaged('its pickle adds values to something that is no list');
  for (const value of values) target.push(value);
}

function addItems(machine: Machine): void {
  const values = machine.sinceMark();
  const target = machine.top();
  if (!(target instanceof Set)) throw machine.damaged('its pickle adds values to something that is no set');
  for (const value of values) target.add(value);
}

function reduce(machine: Machine): void {
  const parameters = machine.pop();
  machine.push(machine.call(machine.pop(), parameters));
}

/** Ignores the attributes of an object (such as `_metadata` of a state dict), which do not affect its tensors. */
function build(machine: Machine): void {
  machine.pop();
  machine.top();
}

function protocol(machine: Machine): void {
  const version = machine.byte();
  if (version > 5) throw machine.damaged(`its pickle has protocol ${version}, not 2 to 5`);
}

const operations: Readonly<Record<number, Operation>> = {
  0x80: protocol,
  0x95: (machine) => machine.take(8), // FRAME
  0x28: constant(mark),
  0x30: (machine) => machine.pop(),
  0x31: (machine) => machine.sinceMark(), // POP_MARK
  0x32: (machine) => machine.push(machine.top()), // DUP
  0x4e: constant(null),
  0x88: constant(true),
  0x89: constant(false),
  0x4b: (machine) => machine.push(machine.byte()), // BININT1
  0x4d: (machine) => machine.push(machine.unsigned(2)), // BININT2
  0x4a: (machine) => machine.push(machine.int32()), // BININT
  0x8a: integer((machine) => machine.byte()), // LONG1
  0x8b: integer((machine) => machine.unsigned(4)), // LONG4
  0x47: (machine) => machine.push(machine.float64()), // BINFLOAT
  0x58: text(4, 'utf8'), // BINUNICODE
  0x8c: text(1, 'utf8'), // SHORT_BINUNICODE
  0x8d: text(8, 'utf8'), // BINUNICODE8
  0x54: text(4, 'latin1'), // BINSTRING, of Python 2
  0x55: text(1, 'latin1'), // SHORT_BINSTRING
  0x42: binary(4), // BINBYTES
  0x43: binary(1), // SHORT_BINBYTES
  0x8e: binary(8), // BINBYTES8
  0x96: binary(8), // BYTEARRAY8
  0x5d: made(() => []), // EMPTY_LIST
  0x29: made(() => []), // EMPTY_TUPLE
  0x7d: made(() => new Map()), // EMPTY_DICT
  0x8f: made(() => new Set()), // EMPTY_SET
  0x85: tuple(1),
  0x86: tuple(2),
  0x87: tuple(3),
  0x74: (machine) => machine.push(machine.sinceMark()), // TUPLE
  0x6c: (machine) => machine.push(machine.sinceMark()), // LIST
  0x91: (machine) => machine.push(new Set(machine.sinceMark())), // FROZENSET
  0x64: (machine) => {
    const pairs = machine.sinceMark(); // DICT
    machine.push(new Map());
    setItems(machine, pairs);
  },
  0x73: (machine) => setItems(machine, [machine.pop(), machine.pop()].reverse()), // SETITEM
  0x75: (machine) => setItems(machine, machine.sinceMark()), // SETITEMS
  0x61: (machine) => append(machine, [machine.pop()]), // APPEND
  0x65: (machine) => append(machine, machine.sinceMark()), // APPENDS
  0x90: addItems,
  0x68: get(1), // BINGET
  0x6a: get(4), // LONG_BINGET
  0x71: put(1), // BINPUT
  0x72: put(4), // LONG_BINPUT
  0x94: (machine) => machine.memo.set(machine.memo.size, machine.top()), // MEMOIZE
  0x63: (machine) => machine.push(machine.global(machine.line(), machine.line())), // GLOBAL
  0x93: (machine) => {
    const name = machine.pop(); // STACK_GLOBAL
    machine.push(machine.global(machine.pop(), name));
  },
  0x52: reduce,
  0x81: reduce, // NEWOBJ
  0x62: build,
  0x51: (machine) => machine.push(machine.context.persistent(machine.pop())), // BINPERSID
};
