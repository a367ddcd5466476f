import test from 'ava';
import { lbfgs } from '../../src/optimizers/lbfgs.js';

test("Rosenbrock's valley is followed to its end", async (t) => {
  const found = await lbfgs(
    ([x, y]) =>
      Promise.resolve({
        value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
        gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
      }),
    Float64Array.of(-1.2, 1),
    { iterations: 200, tolerance: 0 },
  );
  t.true(Math.abs(found.point[0] - 1) < 1e-6 && Math.abs(found.point[1] - 1) < 1e-6, String(found.point));
  t.true(found.iterations < 80, `${found.iterations}`);
});

test('a quadratic form: where its linear equations have their solution; never more steps than allowed', async (t) => {
  const scales = [1, 10, 100, 1000];
  const objective = (x: Float64Array) =>
    Promise.resolve({
      value: x.reduce((sum, v, i) => sum + (scales[i] * v * v) / 2 - v, 0),
      gradient: x.map((v, i) => scales[i] * v - 1),
    });
  const { point } = await lbfgs(objective, new Float64Array(4), { tolerance: 0 });
  scales.forEach((scale, i) => t.true(Math.abs(point[i] - 1 / scale) < 1e-7));
  const short = await lbfgs(objective, new Float64Array(4), { iterations: 2, tolerance: 0 });
  t.is(short.iterations, 2);
  t.true(short.value < 0);
});
