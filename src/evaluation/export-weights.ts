import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { NamedArrays } from '../backbones/backbone.js';
import { isKerasForm, loadBackbone } from '../backbones/load.js';
import { isIndexModel, models } from '../catalogue/models.js';
import { chooseEngine } from '../engine/index.js';
import { UsageError, unknown } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { encodeSafetensors } from '../formats/safetensors.js';
import { encodeTorch } from '../formats/torch/write-torch.js';
import { brokenParameter } from '../backbones/broken-parameter.js';
import { BEST_FILE, loadParameters } from '../training/runs/checkpoint.js';
import { readRunRecord, type RunRecord } from '../training/runs/run-record.js';

const writers = {
  pth: encodeTorch,
  safetensors: (tensors: NamedArrays): Uint8Array[] => [
    ...encodeSafetensors(Object.entries(tensors), { format: 'pt' }),
  ],
};

export type ExportFormat = keyof typeof writers;

export interface ExportOptions {
  readonly to: string;
  /** The file (default: the run's name with the format's ending, in `base`). */
  readonly out?: string;
  /** Where relative paths start (default: the working directory). */
  readonly base?: string;
}

export interface ExportedWeights {
  readonly file: string;
  readonly tensors: number;
}

/**
 * `export`: writes the best checkpoint of a run for other programs, with all tensors under the original's names.
 *
 * A `.pth` loads strictly into the original's network of the same name. Without the prefix `model.`, the body of a
 * ResNet-50 loads into torchvision's, and that of `ViTTi` into timm's `vit_tiny_patch16_224`.
 *
 * @param run its folder
 * @throws UsageError where there is no such run, the file exists already, or PyTorch has no such network
 */
export async function exportWeights(
  run: string,
  { to, out, base = process.cwd() }: ExportOptions,
): Promise<ExportedWeights> {
  if (!Object.hasOwn(writers, to)) throw unknown('--to', to, Object.keys(writers));
  const format = to as ExportFormat;
  const record = readRunRecord(resolve(base, run));
  const file = resolve(base, out ?? `${record.name}.${format}`);
  if (existsSync(file)) throw new UsageError(`file exists: ${file}; remove it or choose another with --out`);
  const checkpoint = join(resolve(base, run), BEST_FILE);
  const parameters = loadParameters(checkpoint);
  const broken = brokenParameter(parameters);
  if (broken !== undefined)
    throw new UsageError(`broken network: ${broken} of ${checkpoint} is infinite or NaN; train it again`);
  const reason = format === 'pth' ? whyNotPyTorch(record, parameters) : undefined;
  if (reason !== undefined)
    throw new UsageError(
      `cannot export ${record.name} to pth: ${reason}; --to safetensors writes its tensors as they are`,
    );
  const tensors = await completeTensors(record, parameters, checkpoint);
  writeFileAtomic(file, ...writers[format](tensors));
  return { file, tensors: Object.keys(tensors).length };
}

/** Tells why no network of the original or of torchvision computes what this one does, if so. */
function whyNotPyTorch({ configuration: { model } }: RunRecord, parameters: NamedArrays): string | undefined {
  if (models[model.name].own)
    return `neither the original nor torchvision has ${model.name === 'Ordinal' ? 'an' : 'a'} ${model.name}`;
  if (isKerasForm(Object.keys(parameters)))
    return "it is Keras's form of ResNet-50, with biases, another epsilon and the strides in other convolutions, and torchvision's and the original's ResNet-50 would compute something else with its weights";
  return undefined;
}

/** Adds the tensors that the original stores under two names, and its counts of batches. */
async function completeTensors(
  { configuration: { model } }: RunRecord,
  parameters: NamedArrays,
  place: string,
): Promise<NamedArrays> {
  if (isIndexModel(model.name)) return parameters;
  await chooseEngine({ useGpu: false, engine: 'wasm' }); // tensors are only renamed and transposed
  const backbone = loadBackbone(model, parameters, place);
  try {
    return backbone.stateDict({ complete: true });
  } finally {
    backbone.dispose();
  }
}
