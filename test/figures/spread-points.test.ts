import test from 'ava';
import { spreadPoints } from '../../src/figures/plots/spread-points.js';

test('the corners of a square come before what lies between them', (t) => {
  const points = [0, 0, 0.5, 0.4, 1, 0, 0.6, 0.5, 0, 1, 0.5, 0.6, 1, 1];
  t.deepEqual(spreadPoints(points, 4).sort(), [0, 2, 4, 6]);
});

test('no more points than there are', (t) => {
  t.deepEqual(spreadPoints([0, 0, 1, 1], 5).sort(), [0, 1]);
  t.deepEqual(spreadPoints([], 5), []);
});
