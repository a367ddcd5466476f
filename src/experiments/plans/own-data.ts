import { existsSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { weightsFile } from '../../backbones/weights/folder.js';
import { DATA_VARIABLE, syntheticDataset, writeCustomTriplets } from '../../datasets/index.js';
import { TRIPLETS_FILE } from '../../datasets/custom/custom-triplets-file.js';
import { UsageError } from '../../errors.js';
import { loadPlan, type Plan } from './plan.js';

/** The plans that train students on a folder of one's own, by network. */
const plans = {
  ResNet50: 'configurations/plans/your-own-data.yaml',
  SmallResNet: 'configurations/plans/your-own-data-small.yaml',
} as const;

type Network = keyof typeof plans;

/** What is wanted; where data or weights are not here, something that is takes their place. */
export interface WantedData {
  /** A folder with `images/` and `triplets.csv`; empty: `$TRIPLETLAB_DATA/zappos`, else pictures drawn by code. */
  readonly folder: string;
  /** Is the first of a row the anchor, or else the last the odd one out? */
  readonly directed: boolean;
  /** How many. */
  readonly teachers: number;
  /** ResNet50 learns where its weights are here and the pictures are not drawn by code; else SmallResNet does. */
  readonly network: Network;
  /** What ResNet50 starts from: a name that `tripletlab weights list` knows, or a file. */
  readonly weights: string;
  /** Of the students; 0: as many as the plan has. */
  readonly epochs: number;
}

export interface OwnData {
  /** What captions call it. */
  readonly name: string;
  readonly folder: string;
  readonly directed: boolean;
  readonly network: Network;
  readonly planFile: string;
  readonly plan: Plan;
  /** What was taken in place of what was wanted, and why. */
  readonly notes: readonly string[];
}

/** The folder that is drawn where there is none. */
const drawn = { num_items: 124, num_triplets: 30_000, unlabelled: 4 };

/**
 * The folder and the plan for pictures and triplets of one's own.
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
  if (existsSync(join(folder, TRIPLETS_FILE))) return folder; // written last
  rmSync(folder, { recursive: true, force: true });
  await writeCustomTriplets(folder, dataset, { triplets: dataset.drawn, unlabelled });
  return folder;
}
