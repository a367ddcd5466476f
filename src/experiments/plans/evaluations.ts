import { drawOf } from '../../configuration/repetitions.js';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Configuration, TrainingConfiguration } from '../../configuration/types.js';
import {
  embedAtStart,
  evaluate,
  evaluateBy,
  evaluationInputs,
  modelUri,
  type Evaluation,
} from '../../evaluation/index.js';
import { writeFileAtomic } from '../../files.js';
import { readStoredJson } from '../../stored-json.js';
import { BEST_FILE } from '../../training/runs/checkpoint.js';
import { startingWeights, type Inputs, type RunRecord } from '../../training/index.js';

/** An evaluation, and what it was of: another question is asked anew. */
export interface StoredEvaluation extends Evaluation {
  readonly question: string;
}

/** What an evaluation depends on beside its settings, by content; a run's start also on the weights. */
type InputsReader = (
  evaluation: Configuration,
  model: TrainingConfiguration['model'],
  part: 'data' | 'start',
) => Inputs;

/** Reads each data set and each file of weights once. */
export function inputsReader(): InputsReader {
  const known = new Map<string, Inputs>();
  return (evaluation, model, part) => {
    const key = JSON.stringify([evaluation, model.name, part === 'start' ? (model.weights ?? null) : part]);
    let found = known.get(key);
    if (found === undefined) {
      const weights = part === 'start' ? startingWeights({ model })?.source.sha256 : undefined;
      found = { ...evaluationInputs(evaluation, model.name), ...(weights !== undefined && { weights }) };
      known.set(key, found);
    }
    return found;
  };
}

interface Options {
  readonly base: string;
  readonly inputs: InputsReader;
  readonly signal?: AbortSignal;
}

/** Evaluates a run's best checkpoint, or takes what was found before for the same checkpoint. */
export function evaluateOnce(
  file: string,
  evaluation: Configuration,
  record: RunRecord,
  options: Options,
): Promise<StoredEvaluation> {
  const uri = modelUri(record);
  const checkpoint = resolve(options.base, record.configuration.run.output_directory_name, record.name, BEST_FILE);
  const { size } = statSync(checkpoint);
  const inputs = options.inputs(evaluation, record.configuration.model, 'data');
  const question = JSON.stringify({ evaluation, inputs, uri, best: record.best, size, started: record.started });
  return once(file, question, () => evaluate({ ...evaluation, model_uri: uri }, options));
}

/** Evaluates a network as its training starts, or its pretrained part alone. */
export function evaluateStartOnce(
  file: string,
  evaluation: Configuration,
  configuration: TrainingConfiguration,
  { signal, inputs: read, part = 'all' }: Options & { readonly part?: 'all' | 'features' },
): Promise<StoredEvaluation> {
  const { model, seed, run } = configuration;
  const inputs = read(evaluation, model, 'start');
  const question = JSON.stringify({ evaluation, inputs, model, seed, run: drawOf(run), part });
  const { preprocessing, use_gpu, engine } = evaluation;
  return once(file, question, () =>
    evaluateBy(evaluation, (dataset, items) =>
      embedAtStart({ ...configuration, preprocessing, use_gpu, engine }, dataset, { items, signal, part }),
    ),
  );
}

const evaluationSchema = z.object({
  question: z.string(),
  metric: z.enum(['FCT', 'mP@1']),
  value: z.number(),
  subset: z.string(),
  count: z.number(),
  of: z.enum(['triplets', 'pictures']),
  notes: z.array(z.string()),
});

async function once(file: string, question: string, ask: () => Promise<Evaluation>): Promise<StoredEvaluation> {
  if (existsSync(file)) {
    const stored = readStoredJson<StoredEvaluation>(file, evaluationSchema, {
      what: 'evaluation',
      remedy: 'remove it and run again',
    });
    if (stored.question === question) return stored;
  }
  const found = { ...(await ask()), question };
  writeFileAtomic(file, `${JSON.stringify(found, null, 1)}\n`);
  return found;
}
