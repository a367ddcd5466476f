import { join, resolve, sep } from 'node:path';
import { runName } from '../configuration/model-uri.js';
import { isNameOf } from '../catalogue/names.js';
import { models } from '../catalogue/models.js';
import { BEST_FILE } from '../training/runs/checkpoint.js';
import { findRun } from '../training/runs/find-runs.js';
import { readRunRecord } from '../training/runs/run-record.js';
import { modelUri } from './load-model.js';

/** A range of runs after the first: `1111..1115`, `modeling/runs/run-1111..1115`. */
const RANGE = /^(.*?)\.\.(\d+)$/s;

const isUri = (text: string): boolean => isNameOf(models, text.split(/[,/]/)[0]) && text.includes('/');

/**
 * Returns the model URI that a run stands for: given by its folder or its number, with `..NNNN` also a range of runs. A
 * model URI is returned as it is.
 *
 * @throws UsageError where there is no such run
 */
export function runUri(given: string): string {
  if (isUri(given)) return given;
  const [, first = given, last] = RANGE.exec(given) ?? [];
  const folder = resolve(findRun(first));
  const record = readRunRecord(folder);
  const place = last === undefined ? folder : `${folder}..${runName(Number(last)).slice('run-'.length)}`;
  const [network] = modelUri(record).split('/');
  return `${network}/${join(place, BEST_FILE).split(sep).join('/')}`;
}

/** Replaces the runs of `model_uri=` and `model_uris=` among arguments by their model URIs. */
export function withRunUris(args: readonly string[]): string[] {
  return args.map((arg) => {
    const [, key, value] = /^(model_uris?)=(.+)$/s.exec(arg) ?? [];
    return key === undefined ? arg : `${key}=${runUri(value)}`;
  });
}
