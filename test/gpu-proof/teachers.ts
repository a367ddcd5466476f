import { training } from '../benchmarks/command.js';
import type { Context, Found, Part } from './part.js';

/** Of the fraction of correct triplets, between engines that round differently. */
const TOLERANCE = 0.01;

async function run({ engine, dry, signal }: Context): Promise<Found> {
  const settings = { num_repetitions: 1, 'optimization.num_training_epochs': dry ? 2 : 20 };
  const configuration = 'configurations/synthetic/synthetic_p_ste.yaml';
  const measured = [];
  for (const name of [engine, 'wasm']) {
    const { seconds, records } = await training(configuration, { ...settings, engine: name }, signal);
    const { best, epochs } = records[0];
    measured.push({ name, seconds, epochs: epochs.length, best: best!.value });
  }
  const [own, other] = measured;
  const apart = Math.abs(own.best - other.best);
  return {
    rows: measured.map(({ name, seconds, epochs, best }) => ({
      teacher: name,
      epochs,
      'fraction of correct triplets': best,
      'whole command, s': seconds,
    })),
    failures: apart <= TOLERANCE ? [] : [`${engine} reaches ${own.best}, wasm ${other.best}`],
  };
}

export const teachersPart: Part = { name: 'teachers', title: "Teachers' training", seconds: 60, run };
