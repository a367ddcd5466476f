import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { isPretrained, type PretrainedModel } from '../../src/backbones/weights/registry.js';
import { WEIGHTS_VARIABLE } from '../../src/backbones/weights/folder.js';
import { configurationFiles, loadTrainingConfiguration } from '../../src/configuration/index.js';
import type { DatasetConfiguration, TrainingConfiguration } from '../../src/configuration/types.js';
import { makeDataset } from '../../src/datasets/index.js';
import { writeFileAtomic } from '../../src/files.js';
import type { NdArray } from '../../src/formats/nd-array.js';
import { encodeNpz } from '../../src/formats/npz.js';
import { RandomStream } from '../../src/random/stream.js';
import { train, type RunRecord } from '../../src/training/index.js';
import { storeStandIn } from '../backbones/weights/stand-in.js';
import { temporaryFolder } from '../command-line.js';
import { withDrawnPictures } from '../datasets/drawn-pictures.js';
import { writeTree } from '../datasets/folders.js';
import { smallSets, type SmallSet } from '../datasets/small-sets.js';
import { torchIsBuilt } from '../engine/torch-is-built.js';

/** A configuration as it stands in its file, read by nothing of ours. */
export interface Written {
  readonly file: string;
  readonly set: SmallSet;
  readonly yaml: TrainingConfiguration;
}

/** The configurations of the original, in order: those that train have a model. */
export function writtenConfigurations(): Written[] {
  return configurationFiles().flatMap((file) => {
    const set = file.split('/')[1] as SmallSet;
    if (!Object.hasOwn(smallSets, set)) return [];
    return [{ file, set, yaml: load(readFileSync(file, 'utf8')) as TrainingConfiguration }];
  });
}

/**
 * Items of a batch where the configuration's own number would not be filled, or takes too long: a ViT needs seconds for a
 * picture. Else it stays as written.
 */
const batchSizes: Readonly<Record<string, number>> = {
  ...{ ThingsTInd: 3, IHSJCTInd: 3, YummlyTInd: 3 },
  ...{ ThingsTImg: 6, IHSJCTImg: 9, YummlyTImg: 3 },
  ...{ CUBSEC: 6, CARSSEC: 6, SOPSEC: 6 },
};
/** Of networks that take pictures of any size. */
const SIDE = 64;

/** What is not as written: one epoch of one batch that the small sets fill, small pictures where any will do. */
export function changesOf({ yaml }: Written): Readonly<Record<string, number>> {
  const batch = yaml.model.name === 'ViT' ? 3 : batchSizes[yaml.dataset.name];
  return {
    'optimization.num_training_epochs': 1,
    'optimization.num_batches_per_epoch': 1,
    ...(batch === undefined ? {} : { 'dataset.batch_size': batch }),
    ...(yaml.preprocessing.name === 'ResNetImagePreprocessing' ? { 'preprocessing.image_size': SIDE } : {}),
  };
}

/** A folder with small data sets, teachers' embeddings and weights of full size, in which configurations are trained. */
export class Bench {
  readonly base = temporaryFolder();
  /** What networks start from, under their own names. */
  private readonly starts = new Map<PretrainedModel, Readonly<Record<string, NdArray>>>();

  async prepare(): Promise<void> {
    // what networks of full size are trained by is tested elsewhere: here the fastest that is there will do
    if (torchIsBuilt) process.env['TRIPLETLAB_ENGINE'] = 'torch-cpu';
    process.env[WEIGHTS_VARIABLE] = join(this.base, 'weights');
    for (const [set, tree] of Object.entries(smallSets))
      writeTree(this.root(set), await withDrawnPictures(await tree()));
  }

  root(set: string): string {
    return join(this.base, 'data', set);
  }

  /** The weights that a network starts from. */
  start(model: PretrainedModel): Readonly<Record<string, NdArray>> {
    const known = this.starts.get(model) ?? storeStandIn(model, process.env[WEIGHTS_VARIABLE]!);
    this.starts.set(model, known);
    return known;
  }

  /** Trains a configuration, for one epoch. */
  async train(written: Written, overrides: readonly string[] = []): Promise<RunRecord[]> {
    const { file, set, yaml } = written;
    const changes = Object.entries(changesOf(written)).map(([key, value]) => `${key}=${value}`);
    const root = `dataset.raw_data_directory_name=${this.root(set)}`;
    const configuration = loadTrainingConfiguration(file, [root, ...changes, ...overrides]);
    if (isPretrained(yaml.model.name)) this.start(yaml.model.name);
    const { different_splits: different, source_embeddings_id: id } = yaml.dataset;
    if (id)
      for (let i = 0; i < configuration.num_repetitions; i++)
        writeTeachers(this.base, configuration.dataset, different ? `~${i}` : '');
    return train(configuration, { base: this.base });
  }

  folder({ name, configuration }: RunRecord): string {
    return join(this.base, configuration.run.output_directory_name, name);
  }

  remove(record: RunRecord): void {
    rmSync(this.folder(record), { recursive: true });
  }

  clear(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

export const TEACHERS = 5;
const SIZE = 128;

/** What teachers say of the pictures of a class: rows of length 1 without negative values, as `Psycho` has them. */
export function teacherRow(split: string, teacher: number, class_: number): number[] {
  const place = new RandomStream(0, 'class', split, class_);
  const noise = new RandomStream(0, 'teacher', split, teacher, class_);
  const row = Array.from({ length: SIZE }, (_, k) => (k < 3 ? place.uniform() : 0) + 0.02 * noise.uniform());
  const norm = Math.hypot(...row);
  return row.map((x) => Math.fround(x / norm));
}

function writeTeachers(base: string, section: DatasetConfiguration, split: string): void {
  const { items } = makeDataset({ ...section, version: `${section.version}${split}`, different_splits: false });
  const rows = items.map((item) => Array.from({ length: TEACHERS }, (_, t) => teacherRow(split, t, item.class)));
  const data = Float32Array.from(rows.flat(2));
  const file = join(base, section.data_directory_name!, `embeddings_${section.source_embeddings_id}${split}.npz`);
  writeFileAtomic(file, encodeNpz({ embeddings: { dtype: 'float32', shape: [items.length, TEACHERS, SIZE], data } }));
}
