// A direct-mapped table: names that share a slot are found by the slower search.
const QUICK_BITS = 10;
// The least length of a name for the quick table: eight bytes after the prefix are looked up.
const KEY_BYTES = 8;

/**
 * Finds the numbers of names by their bytes, without a string for each of the three names of 250,320 rows.
 *
 * In texts, names are between a prefix and a suffix.
 */
export class NameTable {
  readonly names: string[] = [];
  private readonly spellings: Uint8Array[] = [];
  private readonly prefix: Uint8Array;
  private readonly suffix: Uint8Array;
  private slots = new Int32Array(256).fill(-1);
  private readonly quick = new Int32Array(1 << QUICK_BITS).fill(-1);
  private readonly wholes: DataView[] = [];

  constructor(prefix: string, suffix: string, names: Iterable<string> = []) {
    this.prefix = Buffer.from(prefix, 'utf8');
    this.suffix = Buffer.from(suffix, 'utf8');
    for (const name of names) {
      const bytes = Buffer.from(name, 'utf8');
      this.add(bytes, 0, bytes.length);
    }
  }

  /** Returns the number of the name with these bytes, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.slots[this.slot(bytes, start, end)];
  }

  /** Returns the number of the name, and adds the name where it is new. */
  add(bytes: Uint8Array, start: number, end: number): number {
    let slot = this.slot(bytes, start, end);
    if (this.slots[slot] >= 0) return this.slots[slot];
    if (4 * (this.names.length + 1) > this.slots.length) {
      this.slots = new Int32Array(4 * this.slots.length).fill(-1);
      this.spellings.forEach((spelling, number) => {
        this.slots[this.slot(spelling, 0, spelling.length)] = number;
      });
      slot = this.slot(bytes, start, end);
    }
    const spelling = Uint8Array.from(bytes.subarray(start, end));
    const number = this.names.push(Buffer.from(spelling).toString('utf8')) - 1;
    this.spellings.push(spelling);
    this.slots[slot] = number;
    const whole = Uint8Array.from([...this.prefix, ...spelling, ...this.suffix]);
    this.wholes.push(new DataView(whole.buffer));
    if (spelling.length >= KEY_BYTES) this.quick[this.key(this.wholes[number], 0)] = number;
    return number;
  }

  /** Finds the name that stands here with prefix and suffix, four bytes at a time; -1 where this cannot tell. */
  guess(view: DataView, at: number): number {
    if (at + this.prefix.length + KEY_BYTES > view.byteLength) return -1;
    const number = this.quick[this.key(view, at)];
    if (number < 0) return -1;
    const whole = this.wholes[number];
    const length = whole.byteLength;
    if (at + length > view.byteLength) return -1;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (whole.getInt32(i) !== view.getInt32(at + i)) return -1;
    for (; i < length; i++) if (whole.getUint8(i) !== view.getUint8(at + i)) return -1;
    return number;
  }

  /** Returns the length in bytes of the name with prefix and suffix. */
  lengthOf(number: number): number {
    return this.wholes[number].byteLength;
  }

  private key(view: DataView, at: number): number {
    const start = at + this.prefix.length;
    return (
      Math.imul(view.getInt32(start) ^ Math.imul(view.getInt32(start + 4), 0x85ebca6b), 0x9e3779b1) >>>
      (32 - QUICK_BITS)
    );
  }

  /** Returns the slot that holds the name, or the free one where it would go. */
  private slot(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    const mask = this.slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.slots[slot] >= 0 && !this.spells(this.slots[slot], bytes, start, end)) slot = (slot + 1) & mask;
    return slot;
  }

  private spells(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const spelling = this.spellings[number];
    if (spelling.length !== end - start) return false;
    for (let i = 0; i < spelling.length; i++) if (spelling[i] !== bytes[start + i]) return false;
    return true;
  }
}
