import test from 'ava';
import { setTimeout } from 'node:timers/promises';
import { createBackend } from '../../../src/engine/wasm/backend.js';
import { setThreads } from '../../../src/engine/wasm/machine.js';
import { layerFunctions } from './layer-functions.js';

test('functions of layers give the same bits with any number of threads', async (t) => {
  const backend = await createBackend(true);
  const functions = Object.entries(layerFunctions(backend));
  setThreads(backend, 1);
  const alone = new Map(functions.map(([name, compute]) => [name, compute()]));
  const { pool } = setThreads(backend, 3);
  for (let round = 0; round < 3 || pool.joined < 2; round++) {
    for (const [name, compute] of functions) {
      t.true(alone.get(name)![0].some((value) => value !== 0));
      t.deepEqual(compute(), alone.get(name), name);
    }
    await setTimeout(20);
  }
  pool.close();
});
