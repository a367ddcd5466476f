/** Returns the first value of each tag of a TIFF's first page that holds integers, by the tag's number. */
export function tiffTags(bytes: Buffer): ReadonlyMap<number, number> {
  const little = bytes[0] === 0x49;
  const big = bytes[little ? 2 : 3] === 43; // BigTIFF, with offsets of eight bytes
  const whole = (at: number, length: number): number =>
    little ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
  // six bytes of eight: no file is longer, and larger numbers would not be exact
  const offset = (at: number): number => (big ? whole(little ? at : at + 2, 6) : whole(at, 4));
  const tags = new Map<number, number>();
  const page = offset(big ? 8 : 4);
  if (page + 8 > bytes.length) return tags;
  const [entry, first] = big ? [20, page + 8] : [12, page + 2];
  const entries = big ? offset(page) : whole(page, 2);
  for (let at = first; at < first + entry * entries && at + entry <= bytes.length; at += entry) {
    const length = ({ 1: 1, 3: 2, 4: 4 } as Record<number, number | undefined>)[whole(at + 2, 2)];
    if (length === undefined) continue;
    const room = big ? 8 : 4;
    const count = big ? offset(at + 4) : whole(at + 4, 4);
    const value = at + entry - room;
    const where = count * length > room ? offset(value) : value;
    if (where + length <= bytes.length) tags.set(whole(at, 2), whole(where, length));
  }
  return tags;
}
