import { readFileSync } from 'node:fs';
import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { checkBackbones } from '../../src/verification/backbones.js';
import { fastEngines, testedEngines } from '../engine/tested-engines.js';

interface Golden {
  readonly cases: {
    readonly model: string;
    output: number[][];
    readonly gradients: Record<string, { l2: number; readonly first: number[] } | null>;
    readonly state_dict: [string, number[]][];
  }[];
}

const golden = JSON.parse(readFileSync('test/golden/backbones.json', 'utf8')) as Golden;

for (const engine of testedEngines)
  for (const one of golden.cases)
    (fastEngines.includes(engine) ? test.serial : test.serial.skip)(
      `${one.model} at full size: names, shapes, output and gradients as the original's on ${engine}${fastEngines.includes(engine) ? '' : ' (hours without a GPU)'}`,
      async (t) => {
        await chooseEngine({ useGpu: false, engine });
        const [outcome] = await checkBackbones({ cases: [one] }, '');
        t.is(outcome.status, 'passed', outcome.detail);
      },
    );

test.serial('another output, gradient or name is noticed', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const one = golden.cases.find(({ model }) => model === 'Inception')!;
  const complaint = async (change: (copy: Golden['cases'][number]) => void) => {
    const copy = structuredClone(one);
    change(copy);
    const [{ status, detail }] = await checkBackbones({ cases: [copy] }, '');
    t.is(status, 'failed');
    return detail ?? '';
  };
  t.regex(await complaint((copy) => (copy.output[1][3] += 2e-4)), /^row 1 of the output is off by/);
  t.regex(
    await complaint((copy) => (copy.gradients['model.inception_4c_3x3.weight']!.l2 *= 1.002)),
    /^the gradient by model\.inception_4c_3x3\.weight has the norm/,
  );
  t.regex(
    await complaint((copy) => (copy.gradients['model.last_linear.weight']!.first[1] *= 1.05)),
    /^the gradient by model\.last_linear\.weight is off by/,
  );
  t.regex(await complaint((copy) => (copy.state_dict[3][1] = [63])), /weights that do not fit: the reference file/);
  t.regex(
    await complaint((copy) => (copy.gradients['model.conv1_7x7_s2.weight'] = null)),
    /^model\.conv1_7x7_s2\.weight is trained/,
  );
});
