import type { Recipe } from './recipe.js';

/** Int32 at the head of a job's memory; then the pictures made, then raw pictures to make them of. */
export const HEAD_BYTES = 16;
/** Pillow refuses larger pictures as decompression bombs. */
const MOST_PIXELS = 178956970;
/** Threads keep this much memory from picture to picture. */
const KEPT_BYTES = 2 ** 26;

/** What a thread needs to start. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly recipe: Recipe;
  readonly sharpFile: string;
  readonly drawsEach: number;
  /** Int32: 1 while a thread finds out what ails a picture; how many decode. */
  readonly gate: Int32Array;
}

/** A picture to make. */
export interface WorkerTask {
  /** Its row among the pictures made. */
  readonly row: number;
  readonly file?: string;
  /** Offset of a raw picture in the job's memory, bytes. */
  readonly at?: number;
  readonly width?: number;
  readonly height?: number;
}

/** Pictures to make, sent to every thread; each takes the next that none has taken. */
export interface WorkerJob {
  readonly id: number;
  /** Int32: the next task; from `HEAD_BYTES` on the pictures made, `[rows, size, size, 3] uint8`. */
  readonly memory: SharedArrayBuffer;
  readonly tasks: readonly WorkerTask[];
  /** `[rows, 27] float64`, or absent for evaluation. */
  readonly draws?: Float64Array;
}

/** A thread's last word on a job. */
export interface WorkerReport {
  readonly id: number;
  readonly bad: readonly { readonly row: number; readonly reason: string }[];
}

/**
 * A thread that makes pictures: decodes, resizes, augments. Text, since it must run as plain JavaScript anywhere.
 *
 * Two pictures are on their way at a time: one is decoded (in a thread of libuv) while the other is resized.
 */
export const WORKER = `
const { parentPort, workerData: { module, recipe, sharpFile, drawsEach, gate } } = require('node:worker_threads');
const { readFile } = require('node:fs/promises');
const LANES = 2;
const jobs = [];
let lanes = 0, stopping = false, kernel, sharp;

const isJpeg = (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8;
const isPng = (bytes) => bytes.length > 25 && bytes.readUInt32BE(0) === 0x89504e47;

/** Whether a JPEG file has four inks: the number of components in its frame header. */
function jpegHasInks(bytes) {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    if (marker === 0xff) { at++; continue; }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return bytes[at + 9] === 4;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return false;
}

async function colours(bytes) {
  if (isJpeg(bytes)) return jpegHasInks(bytes) ? 'cmyk' : 'srgb';
  if (isPng(bytes)) return bytes[24] === 16 && bytes[25] === 0 ? 'grey16' : 'srgb';
  const { space, channels } = await sharp(bytes).metadata();
  return space === 'grey16' && channels > 1 ? 'srgb' : space;
}

async function decode(file) {
  if (sharp === undefined) {
    sharp = require(sharpFile);
    sharp.cache(false);
  }
  const bytes = await readFile(file);
  const space = await colours(bytes);
  if (space === 'grey16') throw new Error('16-bit grey, which Pillow cuts off at 255; convert it to 8 bits');
  const opened = sharp(bytes, { ignoreIcc: true, failOn: 'truncated', limitInputPixels: ${MOST_PIXELS} });
  const picture = space === 'cmyk'
    ? opened.pipelineColourspace('cmyk').toColourspace('cmyk')
    : opened.removeAlpha().toColourspace('srgb');
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== (space === 'cmyk' ? 4 : 3)) throw new Error('a picture of ' + channels + ' channels');
  return { data, width, height, channels };
}

function raw({ at, width, height }, memory) {
  return { data: new Uint8Array(memory, at, 3 * width * height), width, height, channels: 3 };
}

function make({ data, width, height, channels }, draws) {
  if (kernel === undefined || kernel.memory.buffer.byteLength > ${KEPT_BYTES})
    kernel = new WebAssembly.Instance(module, { env: { abort() {} } }).exports;
  const { shorter, size, bicubic, crops, jitters } = recipe;
  const at = kernel.reserve(width, height, channels);
  new Uint8Array(kernel.memory.buffer).set(data, at);
  if (channels === 4) kernel.fromCmyk(width * height);
  if (draws) new Float64Array(kernel.memory.buffer, kernel.uniforms(), drawsEach).set(draws);
  const result = draws
    ? kernel.augment(width, height, shorter, size, +bicubic, +crops, +jitters)
    : kernel.evaluate(width, height, shorter, size, +bicubic);
  return new Uint8Array(kernel.memory.buffer, result, 3 * size * size);
}

const known = [
  [/ENOENT/, 'no such file'],
  [/EISDIR/, 'a folder'],
  [/EACCES|EPERM/, 'may not be read'],
  [/unsupported image format|Input buffer is empty|Input Buffer is empty/, 'no picture, or of a format that cannot be read'],
  [/pixel limit/, 'more than ${MOST_PIXELS} pixels'],
  [/premature end/i, 'truncated'],
];

function reasonOf(error) {
  const message = String(error && error.message || error);
  for (const [pattern, reason] of known) if (pattern.test(message)) return reason;
  return message.split('\\n')[0].replace(/^(VipsJpeg|vipspng|Input (buffer|file) has corrupt header): */, '').slice(0, 160);
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Decodes beside others. */
async function decodeAmong(file) {
  for (;;) {
    Atomics.add(gate, 1, 1);
    if (Atomics.load(gate, 0) === 0) break;
    Atomics.sub(gate, 1, 1);
    while (Atomics.load(gate, 0) !== 0) await soon();
  }
  try {
    return await decode(file);
  } finally {
    Atomics.sub(gate, 1, 1);
  }
}

/** A second try with no other decoder at work: libvips keeps one text for the errors of all threads. */
async function decodeAlone(file) {
  while (Atomics.compareExchange(gate, 0, 0, 1) !== 0) await soon();
  try {
    while (Atomics.load(gate, 1) !== 0) await soon();
    return await decode(file);
  } finally {
    Atomics.store(gate, 0, 0);
  }
}

function report(job) {
  if (!job.exhausted || job.busy > 0 || job.reported) return;
  job.reported = true;
  parentPort.postMessage({ id: job.id, bad: job.bad });
}

async function lane() {
  lanes++;
  while (jobs.length > 0) {
    const job = jobs[0];
    const taken = Atomics.add(job.next, 0, 1);
    if (taken < 0 || taken >= job.tasks.length) {
      jobs.shift();
      job.exhausted = true;
      report(job);
      continue;
    }
    const task = job.tasks[taken];
    job.busy++;
    try {
      const pixels = task.file === undefined ? raw(task, job.memory) : await decodeAmong(task.file).catch(() => decodeAlone(task.file));
      const draws = job.draws && job.draws.subarray(task.row * drawsEach, (task.row + 1) * drawsEach);
      const bytes = 3 * recipe.size ** 2;
      new Uint8Array(job.memory, ${HEAD_BYTES} + task.row * bytes, bytes).set(make(pixels, draws));
    } catch (error) {
      job.bad.push({ row: task.row, reason: reasonOf(error) });
    }
    job.busy--;
    report(job);
  }
  lanes--;
  if (stopping && lanes === 0) parentPort.close();
}

parentPort.on('message', (message) => {
  if (message === 'stop') {
    stopping = true;
    if (lanes === 0) parentPort.close();
    return;
  }
  jobs.push({ ...message, next: new Int32Array(message.memory, 0, 1), bad: [], busy: 0, exhausted: false, reported: false });
  while (lanes < LANES && jobs.length > 0) void lane();
});`;
