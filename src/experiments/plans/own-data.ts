import { existsSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { weightsFile } from '../../backbones/weights/folder.js';
import { DATA_VARIABLE, syntheticDataset, writeCustomTriplets } from '../../datasets/index.js';
import { TRIPLETS_FILE } from '../../datasets/custom/custom-triplets-file.js';
import { UsageError } from '../../errors.js';
import { loadPlan, type Plan } from './plan.js';

/** The plans that train students on a user's own folder, by network. */
const plans = {
  ResNet50: 'configurations/plans/your-own-data.yaml',
  SmallResNet: 'configurations/plans/your-own-data-small.yaml',
} as const;

type Network = keyof typeof plans;

/** What the user wants; where data or weights are missing, something available replaces them. */
export interface WantedData {
  /** A folder with `images/` and `triplets.csv`; empty: `$TRIPLETLAB_DATA/zappos`, else pictures drawn by code. */
  readonly folder: string;
  /** Is the first item of a row the anchor? Otherwise the last is the odd one out. */
  readonly directed: boolean;
  /** The number of teachers. */
  readonly teachers: number;
  /** The student's network: ResNet50 if its weights are here and the pictures are real, otherwise SmallResNet. */
  readonly network: Network;
  /** The weights of ResNet50: a name that `tripletlab weights list` knows, or a file. */
  readonly weights: string;
  /** Epochs of the students; 0: as many as in the plan. */
  readonly epochs: number;
}

export interface OwnData {
  /** The name of the data in captions. */
  readonly name: string;
  readonly folder: string;
  readonly directed: boolean;
  readonly network: Network;
  readonly planFile: string;
  readonly plan: Plan;
  /** Notes on replacements for what was wanted, with the reasons. */
  readonly notes: readonly string[];
}

/** The size of the data set that is drawn where there is no folder. */
const drawn = { num_items: 124, num_triplets: 30_000, unlabelled: 4 };

/**
 * Prepares folder and plan for a user's own pictures and triplets.
 *
 * @param work folder for pictures drawn by code
 * @throws UsageError where the folder or the network does not exist, or the plan cannot be carried out
 */
export async function prepareOwnData(wanted: WantedData, work: string): Promise<OwnData> {
  const { weights, epochs, teachers } = wanted;
  if (!Object.hasOwn(plans, wanted.network))
    throw new UsageError(
      `unsupported network: ${wanted.network}; there are plans for ${Object.keys(plans).join(', ')}`,
    );
  const found = wanted.folder === '' ? shoes() : wanted.folder;
  const folder = found ?? (await draw(work));
  const directed = found === null ? true : wanted.directed;
  const here = existsSync(weightsFile(weights)) || existsSync(weights);
  const network = wanted.network === 'ResNet50' && here && found !== null ? 'ResNet50' : 'SmallResNet';
  const notes = [
    ...(found === null ? ['no folder was named and there are no shoes: pictures and answers are drawn by code'] : []),
    ...(network === wanted.network
      ? []
      : [
          `${network} from random weights instead of ${wanted.network}: ${here ? 'the pictures are drawn' : `there are no weights ${weights}`}`,
        ]),
  ];
  const planFile = plans[network];
  const plan = loadPlan(planFile, [
    `dataset.raw_data_directory_name=${JSON.stringify(folder)}`,
    `dataset.directed=${directed}`,
    `teachers.num_repetitions=${teachers}`,
    ...(epochs === 0 ? [] : [`students.optimization.num_training_epochs=${epochs}`]),
    ...(network === 'ResNet50' ? [`students.model.weights=${JSON.stringify(weights)}`] : []),
  ]);
  const name = found === null ? 'drawn by code' : wanted.folder === '' ? 'shoes' : basename(resolve(folder));
  return { name, folder, directed, network, planFile, plan, notes };
}

function shoes(): string | null {
  const folder = process.env[DATA_VARIABLE];
  if (!folder) return null;
  const path = join(folder, 'zappos');
  return existsSync(path) ? path : null;
}

async function draw(work: string): Promise<string> {
  const { unlabelled, ...counts } = drawn;
  const dataset = syntheticDataset({
    name: 'SyntheticTImg',
    version: 'direct',
    directed: true,
    batch_size: 3,
    raw_data_directory_name: null,
    data_directory_name: null,
    ...counts,
  });
  const folder = join(work, 'drawn');
  if (existsSync(join(folder, TRIPLETS_FILE))) return folder; // this file is written last
  rmSync(folder, { recursive: true, force: true });
  await writeCustomTriplets(folder, dataset, { triplets: dataset.drawn, unlabelled });
  return folder;
}
