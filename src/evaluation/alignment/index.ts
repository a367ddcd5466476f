export { align, type Alignment, type AlignOptions } from './align.js';
export { alignmentRows } from './alignment-rows.js';
export { linearProbe, type ProbeFold, type ProbeOptions, type ProbeResult } from './linear-probe.js';
export {
  noiseCeiling,
  representationalSimilarity,
  type RepresentationalSimilarity,
} from './representational-similarity.js';
