import { Option, type Command } from 'commander';
import { loadConfiguration } from '../configuration/index.js';
import { UsageError } from '../errors.js';
import { align, alignmentRows, type Alignment, type AlignOptions } from '../evaluation/index.js';
import { alignColumns } from '../experiments/status/align-columns.js';
import { interruptible } from './interruptible.js';
import { logToStderr } from './log.js';

interface CommandOptions {
  readonly probe: NonNullable<AlignOptions['probe']>;
  readonly folds: string;
  readonly seed: string;
  readonly similarities: readonly string[];
  readonly save?: string;
  readonly format: keyof typeof formats;
}

/** Sorts arguments: configurations are YAML files, overrides `key=value`, all others sources of embeddings. */
function readArguments(args: readonly string[]): { files: string[]; overrides: string[]; sources: string[] } {
  const named = /^(?:model_uri|embeddings)=(.*)$/s;
  const sources = args.flatMap((arg) => named.exec(arg)?.[1] ?? []);
  const rest = args.filter((arg) => !named.test(arg));
  const overrides = rest.filter((arg) => /^\w+(\.\w+)*=/.test(arg));
  const files = rest.filter((arg) => /\.ya?ml$/.test(arg));
  sources.push(...rest.filter((arg) => !overrides.includes(arg) && !files.includes(arg)));
  if (files.length === 0)
    throw new UsageError('missing configuration; give that of a data set, such as configurations/yummly/yummly_e.yaml');
  return { files, overrides, sources };
}

/** Explains the numbers of a table, one line each. */
function remarks(alignments: readonly Alignment[]): string[] {
  const lines = new Set([
    'fraction of correct triplets: FCT over all labelled triplets, by Euclidean distance, cosine and dot product.',
  ]);
  for (const { dataset, network, probe, rsa } of alignments) {
    if (probe !== null) {
      const penalties = probe.folds.map(({ penalty }) => penalty).join(', ');
      const [{ trainingItems, heldOutItems }] = probe.folds;
      lines.add(`probe: a linear transform, compared by ${probe.similarity}; each item held out once; FCT over triplets of held-out items, its error over items`); // prettier-ignore
      lines.add(`${network} on ${dataset}: ${probe.folds.length} folds, about ${trainingItems} items to train and ${heldOutItems} held out, penalties ${penalties}; gain on the same triplets ${probe.gain.mean.toFixed(4)} +- ${probe.gain.error.toFixed(4)}`); // prettier-ignore
    }
    if (rsa !== null) {
      const { ceiling, matrices, items } = rsa;
      const bounds = ceiling && `noise ceiling ${ceiling.lower.toFixed(4)} to ${ceiling.upper.toFixed(4)}`;
      lines.add(`rsa: Spearman over the pairs of ${items} things of ${dataset}, ${matrices} ${matrices === 1 ? 'matrix' : 'matrices'}; ${bounds ?? 'noise ceiling not estimable: give the matrices of several people, or of halves of them'}`); // prettier-ignore
    }
  }
  return [...lines];
}

function table(alignments: readonly Alignment[]): string {
  const rows = alignmentRows(alignments);
  const cell = (column: string, value: string | number | null): string =>
    typeof value !== 'number' ? (value ?? '') : ['size', 'triplets', 'held out'].includes(column) ? String(value) : value.toFixed(4); // prettier-ignore
  const cells = rows.map((row) => Object.entries(row).map(([column, value]) => cell(column, value)));
  return [alignColumns([Object.keys(rows[0]), ...cells]), '', ...remarks(alignments)].join('\n');
}

const formats = {
  table,
  json: (alignments: readonly Alignment[]) => JSON.stringify(alignments, null, 1),
} satisfies Record<string, (alignments: readonly Alignment[]) => string>;

/** Registers `tripletlab align CONFIG... EMBEDDINGS... [key=value ...]`. */
export function registerAlign(program: Command): void {
  const several = (value: string, sofar: readonly string[]): string[] => [...sofar, value];
  program
    .command('align')
    .description('how far frozen features agree with people: triplets as they are and by a linear probe, similarities')
    .argument(
      '<arguments...>',
      'configurations of data sets, embeddings (files, folders of runs, model URIs, networks such as ViTTi), key=value overrides',
    )
    .addOption(
      new Option('--probe <similarity>', 'what the linear probe compares by').choices(['dot', 'euclidean', 'none']).default('dot'), // prettier-ignore
    )
    .option('--folds <n>', 'parts of the items, each held out once', '3')
    .option('--seed <n>', 'what the folds are drawn from', '0')
    .option('--similarities <file>', 'matrix of similarities or distances by people; may be repeated', several, [])
    .option('--save <file>', 'write the probe of all items to an npz file: transform, bias')
    .addOption(new Option('--format <form>', 'of what is printed').choices(Object.keys(formats)).default('table'))
    .action(async (args: string[], { format, folds, seed, ...options }: CommandOptions) => {
      const { files, overrides, sources } = readArguments(args);
      const { signal, release } = interruptible();
      try {
        const configurations = files.map((file) => loadConfiguration(file, overrides));
        const numbers = { folds: Number(folds), seed: Number(seed) };
        const found = await align(configurations, sources, { ...options, ...numbers, signal, log: logToStderr });
        for (const note of new Set(found.flatMap(({ notes }) => notes))) logToStderr(note);
        process.stdout.write(`${formats[format](found)}\n`);
      } finally {
        release();
      }
    });
}
