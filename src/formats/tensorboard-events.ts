import crc32c from 'crc-32/crc32c.js';
import { UsageError } from '../errors.js';
import { invalidFile, printable } from './file-bytes.js';

/** A number at a step, to be drawn as a curve; wall time in seconds since 1970. */
export interface ScalarEvent {
  readonly tag: string;
  readonly value: number;
  readonly step: number;
  readonly wallTime: number;
}

/**
 * Encodes a whole TensorBoard event file (`events.out.tfevents.*`) of scalars, as PyTorch's `SummaryWriter.add_scalar`
 * writes it.
 *
 * Records have TFRecord framing: length (uint64), masked CRC-32C of it, data, masked CRC-32C of the data. The data are
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

/** Masks a checksum as TFRecord does, by rotation and addition, since data may contain checksums themselves. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Encodes the tag of a field: its number and wire type (0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes). */
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

/**
 * Decodes the scalars in an event file's bytes, in their order; `name` is the file's name in errors.
 *
 * It reads what `SummaryWriter.add_scalar` writes in either style (`simple_value`, or a float tensor of one number),
 * and skips everything else. A file whose writer was killed ends in a part of a record, which is left out.
 *
 * @throws UsageError where a checksum or a record is wrong
 */
export function decodeScalarEvents(bytes: Uint8Array, name: string): ScalarEvent[] {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const events: ScalarEvent[] = [];
  for (let at = 0; at + 12 <= data.length;) {
    const length = data.readBigUInt64LE(at);
    if (data.readUInt32LE(at + 8) !== maskedCrc(data.subarray(at, at + 8)))
      throw invalidFile(name, `the checksum at byte ${at} is not that of its length`);
    if (length + 16n > BigInt(data.length - at)) break;
    const content = data.subarray(at + 12, at + 12 + Number(length));
    if (data.readUInt32LE(at + 12 + content.length) !== maskedCrc(content))
      throw invalidFile(name, `the checksum at byte ${at} is not that of its record`);
    for (const event of decodeEvent(content, name)) events.push(event);
    at += content.length + 16;
  }
  return events;
}

function decodeEvent(content: Buffer, name: string): ScalarEvent[] {
  const event = fieldsOf(content, name);
  const wallTime = last(event, 1, 1)?.readDoubleLE() ?? 0;
  const stepBytes = last(event, 2, 0);
  const step = stepBytes === undefined ? 0 : readVarint(stepBytes, 0, name).value;
  const summaries = all(event, 5, 2).flatMap((summary) => all(fieldsOf(summary, name), 1, 2));
  return summaries.flatMap((entry) => {
    const fields = fieldsOf(entry, name);
    const tag = last(fields, 1, 2)?.toString('utf8');
    const tensor = fieldsOf(last(fields, 8, 2) ?? Buffer.alloc(0), name);
    const value = last(fields, 2, 5) ?? last(tensor, 5, 2) ?? last(tensor, 5, 5); // float_val, packed or not
    if (tag === undefined || value?.length !== 4) return [];
    return [{ tag: printable(tag, 1000), value: value.readFloatLE(), step, wallTime }];
  });
}

interface Field {
  readonly number: number;
  readonly wireType: number;
  readonly bytes: Buffer;
}

/** Parses the fields of a message; the value of a field with a length is its content. */
function fieldsOf(content: Buffer, name: string): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < content.length;) {
    const tag = readVarint(content, at, name);
    const wireType = tag.value % 8;
    let [start, end] = [tag.end, tag.end];
    if (wireType === 0) end = readVarint(content, start, name).end;
    else if (wireType === 2) {
      const { value: length, end: after } = readVarint(content, start, name);
      [start, end] = [after, after + length];
    } else end += wireType === 1 ? 8 : wireType === 5 ? 4 : Infinity;
    if (end > content.length) throw invalidFile(name, 'a field of a record is cut short');
    fields.push({ number: Math.floor(tag.value / 8), wireType, bytes: content.subarray(start, end) });
    at = end;
  }
  return fields;
}

const all = (fields: readonly Field[], number: number, wireType: number): Buffer[] =>
  fields.filter((field) => field.number === number && field.wireType === wireType).map(({ bytes }) => bytes);

const last = (fields: readonly Field[], number: number, wireType: number): Buffer | undefined =>
  all(fields, number, wireType).at(-1);

function readVarint(bytes: Buffer, start: number, name: string): { value: number; end: number } {
  let value = 0;
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    value += (bytes[at] % 128) * 2 ** (7 * (at - start));
    if (bytes[at] < 128) return { value, end: at + 1 };
  }
  throw invalidFile(name, 'a number in a record is cut short');
}
