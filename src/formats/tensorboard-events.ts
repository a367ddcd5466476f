import crc32c from 'crc-32/crc32c.js';
import { UsageError } from '../errors.js';

/** A number to draw over steps; wall time in seconds since 1970. */
export interface ScalarEvent {
  readonly tag: string;
  readonly value: number;
  readonly step: number;
  readonly wallTime: number;
}

/**
 * A whole TensorBoard event file (`events.out.tfevents.*`) of scalars, as PyTorch's `SummaryWriter.add_scalar` writes.
 *
 * Records of TFRecord framing: length (uint64), masked CRC-32C of it, data, masked CRC-32C of the data. The data are
 * protocol buffers: Event `{1: wall_time double, 2: step int64, 3: file_version string, 5: Summary}`, Summary
 * `{1: repeated Value}`, Value `{1: tag string, 2: simple_value float}`. The first record holds file_version
 * `brain.Event:2`; each event becomes one record of one value, rounded to float32.
 *
 * @throws UsageError where a step is no integer from 0 to 2^53 - 1
 *
 * Source: `event.proto`, `summary.proto` and `record_writer.cc` of TensorFlow.
 */
export function encodeScalarEvents(events: readonly ScalarEvent[]): Uint8Array {
  const version = [...double(1, events[0]?.wallTime ?? 0), ...text(3, 'brain.Event:2')];
  return Buffer.concat([record(version), ...events.map((event) => record(encodeEvent(event)))]);
}

function encodeEvent({ tag, value, step, wallTime }: ScalarEvent): number[] {
  if (!(Number.isSafeInteger(step) && step >= 0)) throw new UsageError(`invalid step: ${step}; give an integer >= 0`);
  const summary = message(1, [...text(1, tag), ...float(2, value)]);
  return [...double(1, wallTime), ...(step === 0 ? [] : [...key(2, 0), ...varint(step)]), ...message(5, summary)];
}

function record(data: readonly number[]): Buffer {
  const framed = Buffer.alloc(data.length + 16);
  framed.writeBigUInt64LE(BigInt(data.length), 0);
  framed.writeUInt32LE(maskedCrc(framed.subarray(0, 8)), 8);
  framed.set(data, 12);
  framed.writeUInt32LE(maskedCrc(framed.subarray(12, 12 + data.length)), 12 + data.length);
  return framed;
}

/** TFRecord rotates and shifts its checksums, for data that hold checksums themselves. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The tag of a field: its number and wire type (0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes). */
function key(field: number, wireType: number): number[] {
  return varint(field * 8 + wireType);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return bytes;
}

function message(field: number, data: readonly number[]): number[] {
  return [...key(field, 2), ...varint(data.length), ...data];
}

function text(field: number, value: string): number[] {
  return message(field, [...Buffer.from(value, 'utf8')]);
}

function double(field: number, value: number): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return [...key(field, 1), ...bytes];
}

function float(field: number, value: number): number[] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return [...key(field, 5), ...bytes];
}
