import test from 'ava';
import { tripletlab } from '../command-line.js';

test('every shipped vector passes on the embedded engine', (t) => {
  const { status, stdout } = tripletlab(['verify', '--engine', 'wasm']);
  t.is(status, 0, stdout);
  t.regex(stdout, /^losses\.json: 57 passed, 0 failed/m);
  t.regex(stdout, /^splits\.json: 16 passed, 0 failed$/m);
  t.regex(stdout, /^\d+ passed, 0 failed\n$/m);
});
