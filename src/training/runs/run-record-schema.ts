import { z } from 'zod';

/** A number; JSON has null for NaN and infinity, such as the loss of a run that diverged. */
const measured = z.number().nullable();

export const bestSchema = z.object({ epoch: z.int(), metric: z.string(), value: z.number() }).nullable();

export const epochsSchema = z.array(
  z.object({
    epoch: z.int(),
    training_loss: measured,
    validation_loss: measured,
    metric: measured,
    seconds: z.number(),
    time: z.number(),
  }),
);

const facts = z.record(z.string(), z.unknown());

/** What readers of `run.json` rely on. The configuration's keys are those of the version that wrote it. */
export const runRecordSchema = z.object({
  format: z.literal(1),
  id: z.int(),
  name: z.string(),
  status: z.enum(['running', 'finished', 'interrupted', 'failed']),
  reason: z.string().optional(),
  configuration: z.object({
    run: z.object({ id: z.int(), output_directory_name: z.string() }),
    dataset: z.object({ name: z.string(), batch_size: z.int() }),
    preprocessing: z.object({ name: z.string() }),
    model: z.object({ name: z.string(), embedding_size: z.int(), loss_type: z.string(), metric_mode: z.string() }),
    optimization: z.object({ optimizer_type: z.string(), num_training_epochs: z.int() }),
  }),
  seed: z.number(),
  versions: facts,
  engine: facts,
  machine: facts,
  data: z.object({
    root: z.string().nullable(),
    files: z.array(z.object({ path: z.string(), bytes: z.number() })),
    missing: z.array(z.string()),
    counts: z.record(z.string(), z.number()),
    notes: z.array(z.string()),
  }),
  inputs: z.record(z.string(), z.string()).optional(),
  parts: z
    .array(z.object({ kind: z.string(), name: z.string(), module: z.string().nullable(), digest: z.string() }))
    .optional(),
  notes: z.array(z.string()),
  started: z.string(),
  updated: z.string(),
  seconds: z.number(),
  epochs: epochsSchema,
  best: bestSchema,
});
