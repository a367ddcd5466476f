// A thread that makes pictures: decodes, resizes, augments.
//
// It works on two pictures at a time: one is decoded (in a thread of libuv) while the other is resized.
import { parentPort as port, workerData } from 'node:worker_threads';
import { openPicture, reasonOf, type OpenedPicture, type Pixels } from '../decoding/decode.js';
import { DecoderLock } from '../decoding/decoder-lock.js';
import { freeMemory } from '../decoding/free-memory.js';
import { HEAD_BYTES, type WorkerJob, type WorkerReport, type WorkerStart, type WorkerTask } from './messages.js';

const LANES = 2;
/** The most memory that the thread keeps from picture to picture. */
const KEPT_BYTES = 2 ** 26;
/** The most pixels in a line of a picture that Pillow makes. */
const MOST_LONG = 2 ** 29 - 1;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  reserve(width: number, height: number, channels: number): number;
  fromCmyk(pixels: number): void;
  uniforms(): number;
  augment(...settings: number[]): number;
  evaluate(...settings: number[]): number;
}

interface OpenJob extends WorkerJob {
  readonly next: Int32Array;
  readonly bad: WorkerReport['bad'][number][];
  busy: number;
  exhausted: boolean;
  reported: boolean;
}

const parentPort = port!;
const { module, recipe, drawsEach, ...start } = workerData as WorkerStart;
const lock = new DecoderLock(start.lock);
const jobs: OpenJob[] = [];
let lanes = 0;
let stopping = false;
let kernel: Kernel | undefined;

function raw({ at, width, height }: WorkerTask, memory: SharedArrayBuffer): Pixels {
  return { data: new Uint8Array(memory, at, 3 * width! * height!), width: width!, height: height!, channels: 3 };
}

function refuseThin({ width, height }: OpenedPicture): void {
  const longer = Math.floor((recipe.shorter * Math.max(width, height)) / Math.min(width, height));
  if (longer > MOST_LONG)
    throw new Error(`${width} x ${height} pixels, which would be resized to ${recipe.shorter} x ${longer}; crop it`);
}

function make({ data, width, height, channels }: Pixels, draws: Float64Array | undefined): Uint8Array {
  kernel ??= new WebAssembly.Instance(module, { env: { abort: () => undefined } }).exports as unknown as Kernel;
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

function report(job: OpenJob): void {
  if (!job.exhausted || job.busy > 0 || job.reported) return;
  job.reported = true;
  parentPort.postMessage({ id: job.id, bad: job.bad } satisfies WorkerReport);
}

async function perform(job: OpenJob, task: WorkerTask): Promise<void> {
  const { file } = task;
  const draws = job.draws?.subarray(task.row * drawsEach, (task.row + 1) * drawsEach);
  const bytes = 3 * recipe.size ** 2;
  const keep = (pixels: Pixels): void => {
    new Uint8Array(job.memory, HEAD_BYTES + task.row * bytes, bytes).set(make(pixels, draws));
    if (kernel!.memory.buffer.byteLength > KEPT_BYTES) kernel = undefined;
  };
  if (file === undefined) return void keep(raw(task, job.memory));
  const picture = await lock.twice(() => openPicture(file));
  refuseThin(picture);
  const decodeAndKeep = async (): Promise<void> => {
    keep(await lock.twice(() => picture.decode()));
  };
  await lock.within(picture.memory, async () => {
    await decodeAndKeep();
    if (picture.memory > KEPT_BYTES) await freeMemory();
  });
}

async function lane(): Promise<void> {
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
      await perform(job, task);
    } catch (error) {
      job.bad.push({ row: task.row, reason: reasonOf(error) });
    }
    job.busy--;
    report(job);
  }
  lanes--;
  if (stopping && lanes === 0) parentPort.close();
}

parentPort.on('message', (message: WorkerJob | 'stop') => {
  if (message === 'stop') {
    stopping = true;
    if (lanes === 0) parentPort.close();
    return;
  }
  const next = new Int32Array(message.memory, 0, 1);
  jobs.push({ ...message, next, bad: [], busy: 0, exhausted: false, reported: false });
  while (lanes < LANES && jobs.length > 0) void lane();
});
