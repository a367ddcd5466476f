import test from 'ava';
import { loadConfiguration } from '../../src/configuration/index.js';
import { UsageError } from '../../src/errors.js';

/** What is refused: the file, the overrides, the whole message. */
export type Refusals = readonly (readonly [file: string, overrides: readonly string[], message: string])[];

export const teacher = 'configurations/things/things_p_ste.yaml';
export const ordinal = 'configurations/synthetic/synthetic_p_soe.yaml';
export const direct = 'configurations/things/things_d_ste.yaml';
export const student = 'configurations/things/things_se_rkd.yaml';
export const classes = 'configurations/cub/cub_se_rkd_ns_vits.yaml';
export const yummly = 'configurations/yummly/yummly_d_ste.yaml';
export const evaluation = 'configurations/things/things_e.yaml';
export const synthetic = 'configurations/synthetic/synthetic_p_ste.yaml';

/** One test for each. */
export function testRefusals(refusals: Refusals): void {
  for (const [file, overrides, message] of refusals)
    test(`refused: ${[file, ...overrides].join(' ')}`, (t) => {
      const error = t.throws(() => loadConfiguration(file, overrides), { instanceOf: UsageError });
      t.is(error?.message, message);
      t.false(error?.message.includes('\n'));
    });
}
