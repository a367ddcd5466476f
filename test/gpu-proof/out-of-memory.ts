import { ourChild } from '../benchmarks/child.js';
import type { Filled } from './fill-child.js';
import type { Context, Found, Part } from './part.js';

async function run({ engine, dry, signal }: Context): Promise<Found> {
  if (engine === 'wasm') return { skipped: 'the engine wasm has no memory of its own to fill' };
  const child = ourChild('../gpu-proof/fill-child.ts', {}, signal);
  try {
    const { gibibytes, message, after } = await child.ask<Filled>({ engine, limit: dry ? 2 : undefined });
    return {
      rows: [{ filled: `${gibibytes} GiB`, message, 'a product afterwards': after }],
      failures: [
        ...(/^out of memory on \S+: .*; lower dataset\.batch_size/.test(message) ? [] : [`not named: ${message}`]),
        ...(after === 32 ? [] : [`a product afterwards gave ${after}, not 32`]),
      ],
    };
  } finally {
    await child.close();
  }
}

export const outOfMemoryPart: Part = {
  name: 'out-of-memory',
  title: 'No memory left: caught, named, and the engine goes on',
  seconds: 60,
  run,
};
