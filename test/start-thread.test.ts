import test from 'ava';
import { once } from 'node:events';
import { startThread } from '../src/start-thread.js';

/** Starts a thread that fails, and returns its errors once it has ended. */
async function errorsOf(file: string, data?: unknown): Promise<Error[]> {
  const errors: Error[] = [];
  const thread = startThread(file, data, (error) => errors.push(error));
  thread.ref();
  await new Promise((resolve) => thread.once('exit', resolve));
  return errors;
}

test('a thread that breaks off gives one error, which names its file and keeps the cause', async (t) => {
  const errors = await errorsOf('engine/threads/pool-helper.js', {});
  t.is(errors.length, 1);
  t.regex(errors[0].message, /^thread pool-helper failed: .*WebAssembly\.Module/);
  t.true(errors[0].cause instanceof TypeError);
});

test('a file that is not there is named', async (t) => {
  const errors = await errorsOf('engine/threads/absent.js');
  t.is(errors.length, 1);
  t.regex(errors[0].message, /^thread absent failed: Cannot find module '.*absent\.js'/);
});

test('a thread that is ended from outside gives an error too', async (t) => {
  const errors: Error[] = [];
  const thread = startThread('locks/heartbeat-worker.js', 1000, (error) => errors.push(error));
  thread.ref(); // nothing else keeps the process alive
  await once(thread, 'online');
  await thread.terminate();
  t.deepEqual(
    errors.map(({ message }) => message),
    ['thread heartbeat-worker failed: it ended with exit code 1'],
  );
});
