/** A generator of whole numbers below a bound, the same for one seed (xorshift of 32 bits). */
function numbers(seed: number): (bound: number) => number {
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}

const telling = [0, 1, 0x7f, 0x80, 0xfe, 0xff, 0x22, 0x28, 0x2c, 0x2e, 0x30, 0x39, 0x0a];

type Change = (bytes: Buffer, below: (bound: number) => number) => Buffer;

const changes: readonly Change[] = [
  (bytes, below) => {
    bytes[below(bytes.length)] ^= 1 << below(8);
    return bytes;
  },
  (bytes, below) => {
    bytes[below(bytes.length)] = telling[below(telling.length)];
    return bytes;
  },
  // A length or a place that is much too large, negative, or of another thing.
  (bytes, below) => {
    const at = below(Math.max(1, bytes.length - 8));
    const size = Math.min([2, 4, 8][below(3)], bytes.length - at);
    return Buffer.from(bytes.fill([0, 0xff, 0x7f, 0x01][below(4)], at, at + size));
  },
  (bytes, below) => bytes.subarray(0, below(bytes.length)),
  (bytes, below) => {
    const at = below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(20))]);
  },
  (bytes, below) => {
    const [at, from] = [below(bytes.length), below(bytes.length)];
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + 1 + below(64)), bytes.subarray(at)]);
  },
  (bytes, below) => {
    const [at, from] = [below(bytes.length), below(bytes.length)];
    bytes.copy(bytes, at, from, from + 1 + below(16));
    return bytes;
  },
];

/** A copy of the bytes with one to four changes, the same for one seed. */
export function mutated(bytes: Uint8Array, seed: number): Buffer {
  const below = numbers(seed + 1);
  let result: Buffer = Buffer.from(bytes);
  for (let left = 1 + below(4); left > 0 && result.length > 0; left--)
    result = changes[below(changes.length)](result, below);
  return result;
}
