import type { Precision } from '../../src/catalogue/engines.js';
import { networkRounds } from '../benchmarks/network-rounds.js';
import { SIDE, type NetworkName } from '../benchmarks/network.js';
import { compared, medianOf, type Row } from '../benchmarks/report.js';
import { Rival } from '../benchmarks/rival.js';
import type { Context, Found, Part } from './part.js';

// Full-size training steps in turns with PyTorch eager on the same device: forward, rkd as each computes it, backward, Adam.

/**
 * Products and convolutions of a network, forward, in multiply-adds a picture of 224 x 224. Backward has twice as many.
 * ResNet-50: He et al. 2016, table 1 (3.8e9 without the projections) as counted by torchvision, 4.09e9. ViT of width d, 196
 * patches and a class token: 196 x 768 d + 12 (12 d^2 197 + 2 d 197^2).
 */
const multiplyAdds = (width: number): number => 196 * 768 * width + 12 * (12 * width ** 2 * 197 + 2 * width * 197 ** 2);
const forward: Readonly<Partial<Record<NetworkName, number>>> = {
  ResNet50: 4.09e9,
  ViTS: multiplyAdds(384),
  ViTTi: multiplyAdds(192),
};

/** Floating-point operations of a step a picture. */
export const operationsOf = (name: NetworkName): number => 2 * 3 * forward[name]!;

const whole = [['ResNet50', 172], ['ViTS', 284], ['ViTTi', 284]] as const; // prettier-ignore
const small = [['ViTTi', 2]] as const;

async function run({ engine, dry, seconds, signal }: Context): Promise<Found> {
  const device = engine.endsWith('cuda') ? 'cuda' : 'cpu';
  const precisions: readonly Precision[] =
    device === 'cuda'
      ? ['float32', 'tf32', 'bfloat16']
      : engine === 'torch-cpu'
        ? ['float32', 'bfloat16']
        : ['float32'];
  const notes = new Set<string>();
  const failures: string[] = [];
  const rows: Row[] = [];
  const rates = new Map<Precision, number>();
  const rival = new Rival('matrix_rate.py', ['torch'], notes, process.env, signal);
  const begun = performance.now();
  const spent = (): number => (performance.now() - begun) / 1000;
  try {
    for (const precision of precisions) {
      const question = { device, precision, size: dry ? 512 : 8192, seconds: dry ? 0.1 : 2 };
      const answer = await rival.ask<{ rate: number }>(question);
      if (answer !== undefined) rates.set(precision, answer.rate);
    }
  } finally {
    await rival.close();
  }
  const cases = (dry ? small : whole).flatMap(([name, count]) =>
    precisions.map((precision) => ({ name, count, precision })),
  );
  let longest = 0;
  for (const { name, count, precision } of cases) {
    const start = spent();
    if (start + longest > seconds) {
      notes.add(`not reached: ${name} in ${precision}`);
      continue;
    }
    const question = { engine, name, rows: count, precision };
    const limits = { rounds: dry ? 1 : 5, seconds: seconds / cases.length / 2, notes };
    try {
      const { ours, theirs } = await networkRounds(question, 'step', limits, 'rkd', signal);
      const middle = medianOf(ours, 'seconds');
      const rate = rates.get(precision);
      rows.push({
        step: `${name}, ${count} pictures of ${SIDE} x ${SIDE}`,
        precision,
        'at once': ours[0].piece,
        'pictures/s': count / middle,
        'PyTorch, pictures/s': theirs.length > 0 ? count / medianOf(theirs, 'seconds') : undefined,
        'share of the rate of products': rate && (operationsOf(name) * count) / middle / rate,
        'rate, TFLOP/s': rate && rate / 1e12,
        ...compared(
          ours.map((one) => one.seconds),
          theirs.map((one) => one.seconds),
        ),
      });
    } catch (error) {
      failures.push(`${name} in ${precision}: ${(error as Error).message}`);
    }
    longest = Math.max(longest, spent() - start);
  }
  if (rows.length === 0 && failures.length === 0) failures.push('no step was measured');
  notes.add(
    'PyTorch: pictures as [b, 3, h, w], sums that need not repeat, bfloat16 by autocast; rkd with n x n x n x d numbers, as the original computes it',
  );
  return { rows, notes: [...notes], failures };
}

export const stepsPart: Part = { name: 'steps', title: 'Steps of full size beside PyTorch', seconds: 150, run };
