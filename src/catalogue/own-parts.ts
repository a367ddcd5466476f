import { createHash, type Hash } from 'node:crypto';
import { UsageError } from '../errors.js';
import { addTo, isBuiltIn } from './open.js';

/** The kinds of parts that a person can add to a training. */
export const partKinds = ['loss', 'miner', 'backbone', 'dataset', 'sampler', 'metric', 'optimizer'] as const;
export type PartKind = (typeof partKinds)[number];

/** Identifies a part of one's own, for the record of a run. */
export interface OwnPart {
  readonly kind: PartKind;
  readonly name: string;
  /** The file of its module; null where it was made in this process, as by a notebook's cell. */
  readonly module: string | null;
  /** 16 hexadecimal digits of the SHA-256 of its module's source, or of the source of its functions. */
  readonly digest: string;
}

const parts = new Map<string, OwnPart>();
const keyOf = (kind: PartKind, name: string): string => `${kind} ${name}`;

/** The module that is being imported, whose parts register themselves meanwhile. */
let importing: Pick<OwnPart, 'module' | 'digest'> | undefined;

/** Calls `load`; the parts that are registered meanwhile are of this module. */
export async function registeringFrom<T>(module: string, digest: string, load: () => Promise<T>): Promise<T> {
  importing = { module, digest };
  try {
    return await load();
  } finally {
    importing = undefined;
  }
}

/** Returns the part of one's own with this name; undefined for a built-in one. */
export const ownPart = (kind: PartKind, name: string): OwnPart | undefined => parts.get(keyOf(kind, name));

/**
 * Registers a part of one's own: adds its declaration and what makes it to the records where built-in parts stand.
 *
 * Registering a name again replaces the part, as a notebook's cell that is run again does.
 *
 * @param definition what the digest is made of, if the part is of no module: functions by their source
 * @throws UsageError for a name that cannot stand in a configuration or is that of a built-in part
 */
export function registerPart(
  kind: PartKind,
  name: string,
  definition: unknown,
  records: readonly (readonly [record: object, value: unknown])[],
): void {
  if (!/^[A-Za-z][\w@.-]*$/.test(name))
    throw new UsageError(
      `invalid name of a ${kind}: ${JSON.stringify(name)}; a letter, then letters, digits, _, -, . or @: give the part a name`,
    );
  for (const [record] of records)
    if (isBuiltIn(record, name)) throw new UsageError(`invalid name of a ${kind}: ${name} is built in; choose another`);
  for (const [record, value] of records) addTo(record, name, value);
  parts.set(keyOf(kind, name), { kind, name, ...(importing ?? { module: null, digest: digestOf(definition) }) });
}

function digestOf(definition: unknown): string {
  const hash = createHash('sha256');
  feed(hash, definition);
  return hash.digest('hex').slice(0, 16);
}

/** Puts a value into a hash: functions by their source, arrays of numbers by their bytes, objects by their members. */
function feed(hash: Hash, value: unknown): void {
  if (typeof value === 'function') hash.update(String(value));
  else if (ArrayBuffer.isView(value)) hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      hash.update(`\n${key}:`);
      feed(hash, inner);
    }
  else hash.update(String(value));
}
