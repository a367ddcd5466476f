import test from 'ava';
import { UsageError } from '../../src/errors.js';
import { reliabilityDiagram } from '../../src/figures/plots/reliability.js';
import { expectedCalibrationError, reliabilityBins } from '../../src/metrics/index.js';

test('a reliability diagram has the filled bins of each model, a diagonal, and the error in words', (t) => {
  const p = [0.6, 0.4, 0.3, 0.7, 0.9, 0.1, 0.95, 0.05];
  const bins = reliabilityBins(p, 2, 10);
  const { data, alt } = reliabilityDiagram([{ name: 'a <b>', bins }]);
  const [diagonal, model] = data as unknown as { x: number[]; y: number[]; name: string }[];
  t.deepEqual([diagonal.x, diagonal.y], [[0, 1], [0, 1]]); // prettier-ignore
  t.deepEqual(model.y, [1, 0, 1, 1]);
  model.x.forEach((x, i) => t.true(Math.abs(x - [0.6, 0.7, 0.9, 0.95][i]) < 1e-12));
  t.true(alt.includes(`a <b> calibration error ${expectedCalibrationError(p, 2, 10).toFixed(3)} over 4 predictions`));
  t.false(model.name.includes('<b>'));
  t.throws(() => reliabilityDiagram([{ name: 'none', bins: reliabilityBins([], 2) }]), {
    instanceOf: UsageError,
    message: 'missing predictions: none has none; give at least one',
  });
});
