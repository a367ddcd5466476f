import { execFileSync } from 'node:child_process';
import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { encodeScalarEvents } from '../../src/formats/tensorboard-events.js';
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
