import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { unpickle, type PickleContext } from '../../src/formats/torch/torch-pickle.js';
import { python, pythonHas } from '../random/python.js';

const context: PickleContext = { file: 'a.pkl', globals: new Map(), persistent: (id) => ({ id }) };
const read = (bytes: Uint8Array): unknown => unpickle(bytes, 0, context).value;

/** Values as JSON has them, what JSON lacks by name. */
function readable(value: unknown): unknown {
  if (value instanceof Map) return { dict: [...value].map(([key, item]) => [readable(key), readable(item)]) };
  if (value instanceof Set) return { set: [...value].map(readable) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value === 'bigint') return { integer: String(value) };
  return value;
}

const program = `
import base64, pickle
def readable(value):
    if isinstance(value, dict): return {'dict': [[readable(k), readable(v)] for k, v in value.items()]}
    if isinstance(value, (set, frozenset)): return {'set': [readable(v) for v in value]}
    if isinstance(value, (bytes, bytearray)): return {'bytes': value.hex()}
    if isinstance(value, (list, tuple)): return [readable(v) for v in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2 ** 53 - 1: return {'integer': str(value)}
    return value
shared = [1, 2]
values = [None, True, False, 0, 1, 255, 256, 65535, 65536, -1, -129, 2 ** 31 - 1, -2 ** 31, 2 ** 31, 2 ** 40, -2 ** 40,
          2 ** 53 - 1, 2 ** 53, -2 ** 63, 2 ** 64, 2 ** 100, 0.0, -1.5, 1e300, '', 'a', 'x' * 300, 'nöte \\u2028 \\U0001f600',
          [], [1], list(range(2000)), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), {}, {'a': 1}, {1: 'a', (1, 2): []},
          {str(i): i for i in range(1500)}, [shared, shared, {'again': shared}], [[[[]]]]]
new = [b'', b'abc', b'x' * 300, {1, 2, 3}, frozenset([4]), set(range(100))]
answer = []
for protocol in range(2, 6):
    for value in values + (new if protocol >= 4 else []):
        answer.append([base64.b64encode(pickle.dumps(value, protocol)).decode(), readable(value)])
    if protocol == 5: answer.append([base64.b64encode(pickle.dumps(bytearray(b'ab'), 5)).decode(), {'bytes': '6162'}])
`;

const pythonHere = pythonHas('pickle');
(pythonHere ? test : test.skip)(
  'plain values as Python pickles them, protocols 2 to 5 (skipped without python3)',
  (t) => {
    const pairs = python(program, null) as [string, unknown][];
    t.true(pairs.length > 150);
    for (const [base64, expected] of pairs) {
      const bytes = Buffer.from(base64, 'base64');
      t.deepEqual(readable(read(bytes)), expected, base64.slice(0, 60));
      t.is(unpickle(Buffer.concat([Buffer.alloc(3), bytes]), 3, context).end, 3 + bytes.length);
    }
  },
);

test('one object named twice is one object', (t) => {
  const [a, b] = read(Buffer.from('\x80\x02]q\x00(]q\x01h\x01e.', 'latin1')) as unknown[];
  t.is(a, b);
});

test('a list may hold itself', (t) => {
  const list = read(Buffer.from('\x80\x02]q\x00h\x00a.', 'latin1')) as unknown[];
  t.is(list[0], list);
});

test('what is damaged or foreign is refused in one line', (t) => {
  const refuse = (text: string, reason: RegExp): void => {
    const { message } = t.throws(() => read(Buffer.from(text, 'latin1')), { instanceOf: UsageError });
    t.regex(message, reason);
    t.notRegex(message, /\n/);
  };
  refuse('', /cut short/);
  refuse('\x80\x02', /cut short/);
  refuse('\x80\x02.', /needs a value that is not there/);
  refuse('\x80\x02(.', /needs a value that is not there/);
  refuse('\x80\x06N.', /protocol 6, not 2 to 5/);
  refuse('\x80\x02X\xff\xff\xff\xffabc.', /cut short/);
  refuse('\x80\x02t.', /needs a value that is not there/);
  refuse('\x80\x02h\x05.', /refers to a value that it has not stored/);
  refuse('\x80\x02NNs.', /needs a value that is not there/);
  refuse('\x80\x02NNNs.', /adds entries to something that is no dict/);
  refuse('\x80\x02NNa.', /adds values to something that is no list/);
  refuse('\x80\x02N(\x90.', /adds values to something that is no set/);
  refuse('\x80\x02}(Nu.', /adds entries to something that is no dict/);
  refuse(`\x80\x02\x8a\xff${'\x01'.repeat(255)}.`, /an integer in its pickle is too long/);
  refuse('\x80\x02cos\nsystem\n.', /it names os\.system/);
  refuse('\x80\x02cos\nsys\x1btem\n.', /it names os\.sys\?tem/);
  refuse('\x80\x02\xff.', /pickle operation 0xff/);
});
