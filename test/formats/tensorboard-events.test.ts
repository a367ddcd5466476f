import { execFileSync } from 'node:child_process';
import test from 'ava';
import crc32c from 'crc-32/crc32c.js';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.js';
import { decodeScalarEvents, encodeScalarEvents } from '../../src/formats/tensorboard-events.js';
import type { ScalarEvent } from '../../src/formats/tensorboard-events.js';
import { pythonHas } from '../random/python.js';
import { withFile } from './temporary.js';

const events: ScalarEvent[] = [
  { tag: 'training/INFO/1_loss', value: 0.6931471805599453, step: 1, wallTime: 1700000000.25 },
  { tag: 'validation/INFO/2_FCT', value: 0.5, step: 127, wallTime: 1700000001 },
  { tag: 'Verlust/größe', value: -0, step: 128, wallTime: 1700000002 },
  { tag: 't'.repeat(300), value: 1e300, step: 2 ** 31, wallTime: 1700000003 },
  { tag: 'a', value: NaN, step: 2 ** 53 - 1, wallTime: 1700000004 },
  { tag: 'a', value: 0, step: 0, wallTime: 1700000005 },
];

/** The four bytes of the value as float32, in hexadecimal. */
function float32Hex(value: number): string {
  return Buffer.from(Float32Array.of(value).buffer).toString('hex');
}

test('a file begins as every event file does', (t) => {
  // Length 24, its checksum, and field 1 of Event: the bytes by which event files are known.
  const bytes = Buffer.from(encodeScalarEvents(events));
  t.is(bytes.subarray(0, 13).toString('hex'), '1800000000000000a37f4b2209');
  t.is(bytes.subarray(21, 36).toString('latin1'), '\x1a\x0dbrain.Event:2');
});

test('a record, byte by byte', (t) => {
  const bytes = Buffer.from(encodeScalarEvents([{ tag: 'x', value: 1, step: 300, wallTime: 2 }]));
  const record = bytes.subarray(16 + 24);
  t.is(record.readBigUInt64LE(), 24n);
  t.is(
    record.subarray(12, 36).toString('hex'),
    '090000000000000040' + '10ac02' + '2a0a' + '0a08' + '0a0178' + '150000803f',
  );
  t.is(record.length, 24 + 16);
});

(pythonHas('struct') ? test : test.skip)('an independent decoder in Python agrees (skipped without python3)', (t) => {
  const printed = withFile('events.out.tfevents.1', encodeScalarEvents(events), (path) =>
    execFileSync('/usr/bin/python3', ['test/formats/decode_events.py', path], { encoding: 'utf8' }),
  );
  t.deepEqual(JSON.parse(printed), [
    { step: 0, values: [], wall_time: events[0].wallTime, file_version: 'brain.Event:2' },
    ...events.map(({ tag, value, step, wallTime }) => ({
      step,
      values: [[tag, float32Hex(value)]],
      wall_time: wallTime,
    })),
  ]);
});

test('no events make a file of its version alone, and a step that is none is refused', (t) => {
  t.is(encodeScalarEvents([]).length, 16 + 24);
  for (const step of [-1, 0.5, NaN, 2 ** 53])
    t.throws(() => encodeScalarEvents([{ ...events[0], step }]), {
      instanceOf: UsageError,
      message: /^invalid step: /,
    });
});

const anyEvent = fc.record({
  tag: fc.string({ maxLength: 300 }).filter((tag) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(tag)),
  value: fc.float(),
  step: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  wallTime: fc.double({ noNaN: true }),
});

test('what is written is read, and of a file cut anywhere all whole records', (t) => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 5 }), fc.nat(), (written, cut) => {
      const bytes = encodeScalarEvents(written);
      t.deepEqual(decodeScalarEvents(bytes, 'events'), written);
      const part = decodeScalarEvents(bytes.subarray(0, cut % (bytes.length + 1)), 'events');
      t.deepEqual(part, written.slice(0, part.length));
    }),
  );
});

test('a flipped bit is found', (t) => {
  const whole = encodeScalarEvents(events);
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      const damaged = Uint8Array.from(whole);
      damaged[at] ^= 1 << bit;
      t.throws(() => decodeScalarEvents(damaged, 'f'), {
        instanceOf: UsageError,
        message: /^invalid f: the checksum /,
      });
    }),
  );
});

/** A record as TFRecord frames it, by the checksum's definition. */
function framed(hex: string): Buffer {
  const data = Buffer.from(hex, 'hex');
  const masked = (bytes: Uint8Array): number => {
    const crc = BigInt(crc32c.buf(bytes) >>> 0);
    return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
  };
  const [head, sum, end] = [Buffer.alloc(8), Buffer.alloc(4), Buffer.alloc(4)];
  head.writeBigUInt64LE(BigInt(data.length));
  sum.writeUInt32LE(masked(head));
  end.writeUInt32LE(masked(data));
  return Buffer.concat([head, sum, data, end]);
}

test("the other style of PyTorch's add_scalar, and what is no scalar", (t) => {
  const time = '090000000000000040';
  const tensor = '2a110a0f' + '0a0178' + '420a' + '0801' + '1200' + '2a04' + '0000803f'; // float_val, packed
  const histogram = '2a070a05' + '0a0178' + '2a00';
  const unknownField = '7a0161';
  const bytes = Buffer.concat([time + '1003' + tensor, time + histogram, time + unknownField].map(framed));
  t.deepEqual(decodeScalarEvents(bytes, 'f'), [{ tag: 'x', value: 1, step: 3, wallTime: 2 }]);
  for (const broken of ['2a', '2aff', '0900', '2affffffffffffffffffff01', '0b'])
    t.throws(() => decodeScalarEvents(framed(broken), 'f'), {
      instanceOf: UsageError,
      message: /^invalid f: .* cut short/,
    });
});
