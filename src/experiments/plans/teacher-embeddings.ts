import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { modelUri, saveEmbeddings } from '../../evaluation/index.js';
import { writeFileAtomic } from '../../files.js';
import { BEST_FILE } from '../../training/runs/checkpoint.js';
import type { RunRecord } from '../../training/index.js';
import type { Plan } from './plan.js';

/** Saves the teachers' embeddings of all items, unless they are there from the same checkpoints. */
export async function saveEmbeddingsOnce(plan: Plan, records: readonly RunRecord[], base: string): Promise<void> {
  const folder = `${plan.folder}/embeddings`;
  const id = plan.sourceEmbeddingsId!;
  const file = join(resolve(base, folder), `embeddings_${id}`);
  const teachers = JSON.stringify(
    records.map((record) => ({ model: modelUri(record), sha256: digest(record, base), inputs: record.inputs })),
    null,
    1,
  );
  const list = `${file}.json`;
  if (existsSync(`${file}.npz`) && existsSync(list) && readFileSync(list, 'utf8') === teachers) return;
  const { dataset, preprocessing, use_gpu, engine, seed } = plan.teachers!.configuration;
  await saveEmbeddings(
    {
      dataset,
      preprocessing,
      use_gpu,
      engine,
      seed,
      output_directory_name: folder,
      new_source_embeddings_id: id,
    },
    { base, modelUris: records.map(modelUri) },
  );
  writeFileAtomic(list, teachers);
}

function digest({ configuration, name }: RunRecord, base: string): string {
  const file = resolve(base, configuration.run.output_directory_name, name, BEST_FILE);
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
