import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { training } from './command.js';
import { compared, isQuick, medianOf, Rows, type Options, type Report } from './report.js';
import { Rival } from './rival.js';
import { inTurns, limitsOf } from './rounds.js';

// Teachers of THINGS and Yummly as configured, whole commands in turns with PyTorch: batches as tensors, and items by a
// DataLoader as the original does. Options: rounds=3 seconds=120 (for each data set).

const defaults = { rounds: 3, seconds: 120 };
const quick = { rounds: 1 };
const LOADERS = { items: 2, tensors: 5 }; // epochs, scaled to those of ours
const TARGET = 20;

interface Theirs {
  readonly seconds: number;
}

/** What PyTorch needs to train as a configuration says. */
export function lesson(configuration: string): object {
  const { dataset: section, model } = loadTrainingConfiguration(configuration);
  const dataset = makeTripletDataset(section);
  return {
    task: 'load',
    triplets: { training: [...dataset.triplets.training], validation: [...dataset.triplets.validation] },
    items: dataset.items.length,
    size: model.embedding_size,
    tau: model.tau,
    directed: dataset.directed,
    batch: section.batch_size,
  };
}

/** Seconds from start to exit, and peak memory. */
export async function benchmarkTeachers(options: Options): Promise<Report> {
  if (process.env['TRIPLETLAB_DATA'] === undefined)
    return { rows: [], notes: ['skipped; set TRIPLETLAB_DATA to the folder of things/ and yummly/'] };
  const notes = new Set([
    `PyTorch's seconds are those of ${LOADERS.items} (items) and ${LOADERS.tensors} (tensors) epochs, scaled, without its start`,
  ]);
  const limits = limitsOf(options, notes, defaults, quick);
  const [long, brief] = isQuick(options) ? [2, 1] : [100, 10];
  const rows = new Rows();
  for (const name of ['things', 'yummly']) {
    const configuration = `configurations/${name}/${name}_p_ste.yaml`;
    const command = (num_repetitions: number, epochs: number) =>
      training(configuration, { num_repetitions, 'optimization.num_training_epochs': epochs });
    const rival = new Rival('teachers.py', ['torch'], notes);
    const theirsOf = async (loader: 'items' | 'tensors'): Promise<number | undefined> => {
      const epochs = isQuick(options) ? 1 : LOADERS[loader];
      const found = await rival.ask<Theirs>({ task: 'epochs', loader, epochs }, 'PyTorch');
      return found && long * found.seconds;
    };
    try {
      await rival.ask(lesson(configuration), 'PyTorch');
      await rival.ask({ task: 'epochs', loader: 'tensors', epochs: 1 }, 'PyTorch'); // warms up
      const turns = await inTurns(
        () => command(1, long),
        async () => {
          const [items, tensors] = [await theirsOf('items'), await theirsOf('tensors')];
          return items === undefined || tensors === undefined ? undefined : { items, tensors };
        },
        limits,
      );
      const { ours, theirs } = turns;
      const seconds = ours.map((one) => one.seconds);
      const inEpochs = ours.map(({ records: [record] }) => record.seconds);
      const one = medianOf(ours, 'seconds');
      for (const loader of ['items', 'tensors'] as const)
        rows.add({
          what: `${name}, 1 teacher, ${long} epochs, beside ${loader === 'items' ? 'items by DataLoader' : 'batches as tensors'}`,
          seconds: one,
          'in epochs': inEpochs[0],
          'peak MiB': Math.max(...ours.map(({ peakMiB }) => peakMiB)),
          FCT: ours[0].records[0].best?.value,
          ...(theirs.length > 0 && { 'PyTorch s': medianOf(theirs, loader) }),
          ...compared(seconds, theirs.map((other) => other[loader]), loader === 'items' ? TARGET : undefined), // prettier-ignore
        });
      const five = await command(5, long);
      const ratio = theirs.length > 0 ? { 'PyTorch s': 5 * medianOf(theirs, 'items') } : {};
      rows.add({
        what: `${name}, 5 teachers, ${long} epochs, beside five times PyTorch's one (items)`,
        seconds: five.seconds,
        'times one': five.seconds / one,
        'peak MiB': five.peakMiB,
        ...ratio,
        ...compared([five.seconds], theirs.length > 0 ? [5 * medianOf(theirs, 'items')] : [], TARGET),
      });
      const [many, single] = [await command(50, brief), await command(1, brief)];
      rows.add({
        what: `${name}, 50 teachers, ${brief} epochs`,
        seconds: many.seconds,
        'times one': many.seconds / single.seconds,
        'peak MiB': many.peakMiB,
      });
    } finally {
      await rival.close();
    }
  }
  return { rows: rows.rows, notes: [...notes] };
}
