import { isDeepStrictEqual } from 'node:util';
import type { ExecutionContext } from 'ava';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.js';

/** What a decoder does with bytes: its result, or its one-line refusal; anything else fails the test. */
function attempt(t: ExecutionContext, decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): unknown {
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    t.regex(error.message, /^[^\n\r]{10,300}$/);
    return error;
  }
}

/** Every beginning of a file is refused, or means what `allowed` says. */
export function fuzzTruncation(
  t: ExecutionContext,
  decode: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
  allowed: (result: unknown) => boolean = () => false,
): void {
  for (let length = 0; length < bytes.length; length++) {
    const result = attempt(t, decode, bytes.slice(0, length));
    if (!(result instanceof UsageError || allowed(result))) t.fail(`accepted when cut to ${length} bytes`);
  }
}

/**
 * A file with changed bytes is refused or, where its format has checksums, means the same as before.
 *
 * Each byte is changed alone, then several at random.
 */
export function fuzzBytes(
  t: ExecutionContext,
  decode: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
  { checksums }: { checksums: boolean },
): void {
  const whole = decode(bytes);
  const check = (changed: Uint8Array) => {
    const result = attempt(t, decode, changed);
    return !checksums || result instanceof UsageError || isDeepStrictEqual(result, whole);
  };
  for (let at = 0; at < bytes.length; at++)
    for (const flip of [0x01, 0x80, 0xff]) {
      const changed = bytes.slice();
      changed[at] ^= flip;
      if (!check(changed)) t.fail(`another meaning with byte ${at} ^ ${flip}`);
    }
  const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const changed = bytes.slice();
      for (const { at, value } of changes) changed[at] = value;
      return check(changed);
    }),
    { numRuns: 500 },
  );
}

/** Arbitrary bytes, also behind a valid beginning, are refused or mean something; nothing else happens. */
export function fuzzNoise(t: ExecutionContext, decode: (bytes: Uint8Array) => unknown, beginning: Uint8Array): void {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(beginning.length), (noise, kept) => {
      attempt(t, decode, Buffer.concat([beginning.subarray(0, kept), noise]));
    }),
    { numRuns: 500 },
  );
}
