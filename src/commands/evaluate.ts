import type { Command } from 'commander';
import { fewTriplets, metricWords } from '../catalogue/metric-words.js';
import { loadConfigurationArguments } from '../configuration/index.js';
import { evaluate, withRunUris } from '../evaluation/index.js';
import type { Retrieval } from '../metrics/index.js';
import { interruptible } from './interruptible.js';
import { logToStderr } from './log.js';

function retrievalWords({ recallAt, mapAtR, queries, alone }: Retrieval): string {
  const recalls = Object.entries(recallAt).map(([k, value]) => `R@${k}: ${value.toFixed(4)}`);
  const leftOut = alone > 0 ? `; ${alone} alone in their class left out` : '';
  return `${[...recalls, `MAP@R: ${mapAtR.toFixed(4)}`].join(', ')} (over ${queries}${leftOut})`;
}

/** Registers `tripletlab evaluate CONFIG model_uri=... [subset_name=test] [key=value ...]`. */
export function registerEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('fraction of correct triplets, or mP@1, R@k and MAP@R on class sets, of a trained model')
    .argument(
      '<arguments...>',
      'configuration file, model_uri=RUN or NAME,key:value/path, and other key=value overrides',
    )
    .action(async (args: string[]) => {
      const { signal, release } = interruptible();
      try {
        const found = await evaluate(loadConfigurationArguments(withRunUris(args), 'evaluate', logToStderr), {
          signal,
        });
        const { metric, value, subset, count, of, retrieval, notes } = found;
        for (const note of notes) logToStderr(note);
        logToStderr(metricWords(metric));
        const few = of === 'triplets' ? fewTriplets(count, subset) : undefined;
        if (few !== undefined) logToStderr(few);
        process.stdout.write(`${metric}: ${value.toFixed(4)} (over all ${count} ${subset} ${of})\n`);
        if (retrieval !== undefined) process.stdout.write(`${retrievalWords(retrieval)}\n`);
      } finally {
        release();
      }
    });
}
