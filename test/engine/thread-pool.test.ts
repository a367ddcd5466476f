import test from 'ava';
import { setTimeout } from 'node:timers/promises';
import { kernelModule } from '../../src/assets.js';
import { SharedArena } from '../../src/engine/threads/shared-arena.js';
import { ThreadPool } from '../../src/engine/threads/thread-pool.js';
import { JOB_BYTES, JOB_TASK_TABLE } from '../../src/engine/wasm/gemm/layout.js';

const TASKS = 64;

/** A pool over the engine's kernels whose tasks have no commands: what is left is the taking of tasks. */
function idlePool(memory: SharedArena, threads: number): ThreadPool {
  const pool = new ThreadPool(memory, { module: kernelModule('engine-shared'), jobBytes: JOB_BYTES, threads });
  memory.ints(pool.job + JOB_TASK_TABLE, 1)[0] = memory.reserve(8 * TASKS);
  return pool;
}

test('helpers join when they are ready, thousands of jobs end, and a closed pool has none left', async (t) => {
  const memory = new SharedArena('test', 'test less');
  const pool = idlePool(memory, 4);
  pool.run(TASKS, false);
  t.is(pool.joined, 0); // nothing was worth a helper
  const deadline = Date.now() + 60_000;
  while (pool.joined < 3 && Date.now() < deadline) {
    pool.run(TASKS);
    await setTimeout(5);
  }
  t.is(pool.joined, 3);
  for (let job = 0; job < 5000; job++) pool.run(job % TASKS);
  pool.close();
  t.notThrows(() => {
    pool.run(TASKS, false);
  });
});

test('blocks of an arena do not overlap, are zero, and too much is refused in one line', (t) => {
  const memory = new SharedArena('search', 'give fewer items');
  const blocks = [1, 64, 65, 200_000, 3].map((bytes) => ({ at: memory.reserve(bytes), bytes }));
  blocks.forEach(({ at, bytes }, i) => {
    t.is(at % 64, 0);
    if (i > 0) t.true(at >= blocks[i - 1].at + blocks[i - 1].bytes);
    t.true(new Uint8Array(memory.memory.buffer, at, bytes).every((value) => value === 0));
  });
  t.throws(() => memory.reserve(2 ** 32), {
    message: 'too much to search at once: 4.0 GiB, and WebAssembly can use 4; give fewer items',
  });
});
