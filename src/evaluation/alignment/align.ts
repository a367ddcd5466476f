import { basename, dirname } from 'node:path';
import type { CommonConfiguration } from '../../configuration/types.js';
import { isTripletDataset, labelledTriplets, makeDataset, type TripletDataset } from '../../datasets/index.js';
import { chooseEngine } from '../../engine/index.js';
import { UsageError } from '../../errors.js';
import { needWritable, writeFileAtomic } from '../../files.js';
import { npzParts } from '../../formats/npz.js';
import { correctTriplets, similarities, type Similarity } from '../../metrics/index.js';
import { itemJackknife } from '../item-jackknife.js';
import { linearProbe, type ProbeOptions, type ProbeResult } from './linear-probe.js';
import type { FittedProbe } from './fit-probe.js';
import type { ProbeSimilarity } from './probe-objective.js';
import { representationalSimilarity, type RepresentationalSimilarity } from './representational-similarity.js';
import { readPeople } from './similarity-matrix.js';
import { resolveSource, type ClassFeatures, type Source } from './sources.js';

/** The agreement of one embedding with people on one data set, as plain data. */
export interface Alignment {
  readonly dataset: string;
  readonly network: string;
  readonly size: number;
  readonly directed: boolean;
  /** All labelled triplets, whatever the split, without those of pictures that cannot be read. */
  readonly triplets: number;
  /** FCT of the unchanged features over them, by each similarity. */
  readonly zeroShot: Readonly<Record<Similarity, { readonly fct: number; readonly error: number }>>;
  readonly probe: ProbeResult | null;
  readonly rsa: RepresentationalSimilarity | null;
  readonly notes: readonly string[];
}

export interface AlignOptions extends Omit<ProbeOptions, 'transform'> {
  /** The similarity that the linear probe compares by, or `none` (default `dot`). */
  readonly probe?: ProbeSimilarity | 'none';
  /** Files of similarities as people judged them. */
  readonly similarities?: readonly string[];
  /** Where the probe of all items is written: `.npz` of `transform` `[size, size]` and `bias` `[size]`, z = x W + b. */
  readonly save?: string;
}

function tripletDataset(configuration: CommonConfiguration): TripletDataset {
  const dataset = makeDataset(configuration.dataset);
  if (isTripletDataset(dataset)) return dataset;
  throw new UsageError(`invalid dataset.name: ${dataset.name}; it has classes, give a data set with triplets`);
}

function zeroShotOf({ data, size }: ClassFeatures, triplets: Int32Array, directed: boolean): Alignment['zeroShot'] {
  const found = similarities.map((name) => {
    const { mean, error } = itemJackknife(correctTriplets(data, size, triplets, directed, name), triplets);
    return [name, { fct: mean, error }];
  });
  return Object.fromEntries(found) as Alignment['zeroShot'];
}

/** Names a data set in a label; sets of one's own are told apart by their folders. */
const labelOf = ({ name }: TripletDataset, { dataset }: CommonConfiguration): string =>
  name.startsWith('Custom') ? `${name} ${basename(dataset.raw_data_directory_name ?? '')}`.trim() : name;

/** Returns the triplets whose classes all have an embedding. */
const answerable = (triplets: Int32Array, without: ReadonlySet<number>): Int32Array =>
  without.size === 0
    ? triplets
    : triplets.filter((_, i) => [0, 1, 2].every((k) => !without.has(triplets[i - (i % 3) + k])));

function saveProbe(file: string, { transform, bias }: FittedProbe): void {
  const size = bias.length;
  writeFileAtomic(
    file,
    ...npzParts({
      transform: { dtype: 'float32', shape: [size, size], data: transform },
      bias: { dtype: 'float32', shape: [size], data: bias },
    }),
  );
}

/** Pairs sources with data sets: each network with each set, and each file with the sets that have as many rows. */
function pairsOf(sources: readonly Source[], datasets: readonly TripletDataset[]): [Source, number][] {
  return sources.flatMap((source) => {
    const at = [...datasets.keys()];
    const fitting = at.filter((d) => source.fits?.(datasets[d]) ?? true);
    // a file that fits none raises its own error later
    return (fitting.length > 0 ? fitting : at).map((d): [Source, number] => [source, d]);
  });
}

/**
 * Measures how far frozen features agree with people: their FCT over all labelled triplets of a data set, that of a
 * cross-validated {@link linearProbe}, and their {@link representationalSimilarity} with similarities by people.
 *
 * @param sources files of embeddings, folders of runs, model URIs or names of networks, see `resolveSource`
 * @throws UsageError where anything does not fit, before any work but embedding starts
 */
export async function align(
  configurations: CommonConfiguration | readonly CommonConfiguration[],
  sources: readonly string[],
  options: AlignOptions = {},
): Promise<Alignment[]> {
  const { probe = 'dot', save, log } = options;
  const all: readonly CommonConfiguration[] = [configurations].flat();
  if (sources.length === 0)
    throw new UsageError('missing embeddings; give files, folders of runs or names of networks');
  if (save !== undefined) {
    if (all.length !== 1 || sources.length !== 1 || probe === 'none')
      throw new UsageError(
        `cannot save ${save}: it holds the probe of one embedding on one data set; give one of each`,
      );
    needWritable(dirname(save));
  }
  const { folds = 3 } = options;
  if (!(Number.isInteger(folds) && folds >= 3))
    throw new UsageError(`invalid folds: ${folds}; give an integer from 3 on`);
  const resolved = sources.map(resolveSource);
  const datasets = all.map(tripletDataset);
  const people = datasets.map((dataset) => readPeople(options.similarities ?? [], dataset));
  const found: Alignment[] = [];
  for (const [source, d] of pairsOf(resolved, datasets)) {
    const [dataset, configuration] = [datasets[d], all[d]];
    const features = await source.embed(dataset, configuration, options);
    if (save !== undefined && features.length > 1)
      throw new UsageError(
        `cannot save ${save}: ${sources[0]} has ${features.length} embeddings; give a file with one`,
      );
    for (const one of features) {
      log?.(`${one.name} on ${dataset.name}`);
      const triplets = answerable(labelledTriplets(dataset), one.without);
      const zeroShot = zeroShotOf(one, triplets, dataset.directed);
      const { matrices, items } = people[d];
      const rsa = matrices.length === 0 ? null : representationalSimilarity(one.data, one.size, items, matrices);
      let probed: ProbeResult | null = null;
      if (probe !== 'none') {
        const { use_gpu, engine, precision } = configuration;
        await chooseEngine({ useGpu: use_gpu, engine, precision });
        const data = { rows: one.data, size: one.size, triplets, directed: dataset.directed, similarity: probe };
        const { result, fitted } = await linearProbe(data, { ...options, transform: save !== undefined });
        probed = result;
        if (save !== undefined) saveProbe(save, fitted!);
      }
      found.push({
        dataset: labelOf(dataset, configuration),
        network: one.name,
        size: one.size,
        directed: dataset.directed,
        triplets: triplets.length / 3,
        zeroShot,
        probe: probed,
        rsa,
        notes: [...dataset.facts.notes, ...one.notes],
      });
    }
  }
  return found;
}
