import test from 'ava';
import fc from 'fast-check';
import { duplicateKey } from '../../src/formats/json-keys.js';

test('a key that comes twice in one object is found, however written', (t) => {
  const found: [string, string | undefined][] = [
    ['{"a":1,"a":2}', 'a'],
    ['{"a" : 1, "\\u0061"\n:2}', 'a'],
    ['[{"b":{"c":[],"d":{},"c":0}}]', 'c'],
    ['{"a":{"a":{"a":"a"}},"b":["a","a"]}', undefined],
    ['{"x\\"":1,"x\\\\":2,"{\\"x\\":1,\\"x\\":1}":3}', undefined],
    ['"a"', undefined],
  ];
  for (const [json, key] of found) t.is(duplicateKey(json), key);
});

test('what JSON.stringify writes never has one', (t) => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      t.is(duplicateKey(JSON.stringify(JSON.parse(json))), undefined);
    }),
  );
});
