import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { MersenneTwister } from '../../src/random/mersenne-twister.js';

function draws(twister: MersenneTwister, count: number): number[] {
  return Array.from({ length: count }, () => twister.uint32());
}

test("init_by_array gives the first numbers of the authors' mt19937ar.out", (t) => {
  const twister = MersenneTwister.fromArray([0x123, 0x234, 0x345, 0x456]);
  t.deepEqual(draws(twister, 5), [1067595299, 955945823, 477289528, 4107218783, 4228976476]);
});

test('init_genrand(5489) gives the 10,000th number that the C++ standard demands of mt19937', (t) => {
  const twister = MersenneTwister.fromSeed(5489);
  t.deepEqual(draws(twister, 3), [3499211612, 581869302, 3890346734]);
  t.is(draws(twister, 9997).pop(), 4123659995);
});

test("init_genrand(0) gives numpy's RandomState(0).random_sample()", (t) => {
  const twister = MersenneTwister.fromSeed(0);
  t.deepEqual([twister.double(), twister.double()], [0.5488135039273248, 0.7151893663724195]);
});

test('a key longer than the state is used whole', (t) => {
  const key = Array.from({ length: 700 }, (_, i) => i);
  const other = [...key.slice(0, 699), 0];
  t.notDeepEqual(draws(MersenneTwister.fromArray(key), 4), draws(MersenneTwister.fromArray(other), 4));
});

test('a restored state goes on as the original does, at every position', (t) => {
  const twister = MersenneTwister.fromSeed(1);
  for (const skipped of [0, 1, 622, 1, 1, 700]) {
    draws(twister, skipped);
    const state = twister.state();
    t.is(state.length, 625);
    const other = MersenneTwister.fromSeed(2);
    other.restore(state);
    const expected = draws(twister, 1300);
    t.deepEqual(draws(other, 1300), expected);
    twister.restore(state);
    t.deepEqual(draws(twister, 1300), expected);
  }
});

test('a state is a copy, and a wrong one is refused', (t) => {
  const twister = MersenneTwister.fromSeed(1);
  const state = twister.state();
  draws(twister, 2000);
  t.deepEqual(state, MersenneTwister.fromSeed(1).state());
  const wrong = twister.state();
  wrong[624] = 625;
  const message = /^invalid random state: .*$/;
  t.throws(
    () => {
      twister.restore(wrong);
    },
    { instanceOf: UsageError, message },
  );
  t.throws(
    () => {
      twister.restore(new Uint32Array(624));
    },
    { instanceOf: UsageError, message },
  );
  t.throws(() => MersenneTwister.fromArray([]), { instanceOf: UsageError });
});
