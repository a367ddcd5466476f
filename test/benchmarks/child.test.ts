import test from 'ava';
import { Child } from './child.js';

test('a child that hears nothing is ended by a signal, and its question answered', async (t) => {
  const end = new AbortController();
  const child = new Child(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], process.env, end.signal);
  const ended = new Promise((resolve) => {
    child['process'].once('close', (_, by) => {
      resolve(by);
    });
  });
  const asked = child.ask({});
  end.abort();
  await t.throwsAsync(asked, { message: 'its time was over' });
  t.is(await ended, 'SIGKILL');
  await child.close();
});
