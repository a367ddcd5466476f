import test from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { torchIsBuilt } from '../torch-is-built.js';

(torchIsBuilt ? test : test.skip)(
  'signals during a gradient of a convolution reach their handler and no memory (needs npm run build:torch)',
  async (t) => {
    const child = spawn(process.execPath, ['build/test/engine/torch/under-signals.js'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [said, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    const end = once(child, 'close');
    while (!said.includes('ready') && child.exitCode === null) await sleep(20);
    while (child.exitCode === null && child.signalCode === null) {
      for (let i = 0; i < 20; i++) child.kill('SIGUSR2');
      await sleep(1);
    }
    t.deepEqual(await end, [0, null], complaints);
    t.true(Number(/(\d+) signals/.exec(said)?.[1]) > 10, said);
  },
);
