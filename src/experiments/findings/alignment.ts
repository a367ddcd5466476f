import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Alignment } from '../../evaluation/index.js';
import { packageRoot } from '../../assets.js';
import { readStoredJson } from '../../stored-json.js';

const shown = (value: number): string => value.toFixed(3).replace(/^0/, '');

/** Reads the output of `tripletlab align --format json` that is kept with the notebooks; empty where none is kept. */
export function storedAlignments(): readonly Alignment[] {
  const file = join(packageRoot(), 'notebooks', 'results', 'alignment.json');
  if (!existsSync(file)) return [];
  const schema = z.array(z.object({ dataset: z.string(), network: z.string(), zeroShot: z.object({}) }));
  return readStoredJson(file, schema, {
    what: 'alignment',
    remedy: 'write it again with tripletlab align --format json',
  });
}

/** Says how far features agree with people, unchanged and after a linear probe. */
export function alignmentWords({ dataset, network, size, triplets, zeroShot, probe, rsa }: Alignment): string {
  const { euclidean, cosine, dot } = zeroShot;
  const plain = `${dataset}, ${network} (${size} numbers): FCT over all ${triplets} labelled triplets ${shown(euclidean.fct)} by distance, ${shown(cosine.fct)} by cosine, ${shown(dot.fct)} by dot product`;
  const probed =
    probe === null
      ? ''
      : `; a linear probe has ${shown(probe.fct)} over ${probe.triplets} triplets of items that it was not fitted on, ${shown(probe.gain.mean)} more than the features there (standard error ${shown(probe.gain.error)})`;
  const compared =
    rsa === null
      ? ''
      : `; Spearman's correlation with people's similarities ${shown(rsa.correlation.dot)} by dot product`;
  return `${plain}${probed}${compared}.`;
}
