import type { Command } from 'commander';
import { loadConfigurationArguments } from '../configuration/index.js';
import { saveEmbeddings, withRunUris } from '../evaluation/index.js';
import { interruptible } from './interruptible.js';
import { logToStderr } from './log.js';

/**
 * Registers `tripletlab save-embeddings CONFIG model_uris=... output_directory_name=... new_source_embeddings_id=...`.
 */
export function registerSaveEmbeddings(program: Command): void {
  program
    .command('save-embeddings')
    .description('write the embeddings of all items by one run, a range of runs (111..115) or a model to an npz file')
    .argument('<arguments...>', 'configuration file, model_uris=, output_directory_name=, new_source_embeddings_id=')
    .action(async (args: string[]) => {
      const { signal, release } = interruptible();
      const saved = await saveEmbeddings(
        loadConfigurationArguments(withRunUris(args), 'save-embeddings', logToStderr),
        {
          signal,
        },
      ).finally(release);
      const { file, items, models, size, notes } = saved;
      for (const note of notes) process.stderr.write(`${note}\n`);
      process.stdout.write(`${file}: ${items} items, ${models} ${models === 1 ? 'model' : 'models'}, size ${size}\n`);
    });
}
