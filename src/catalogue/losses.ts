import type { LossDeclaration, Supervision } from './loss-declaration.js';
import type { LossParameter, LossParameterValues } from './loss-parameters.js';
import { namesOf } from './names.js';
import { open } from './open.js';

const required = { required: true } as const;
const optional = { required: false } as const;
const divisor = <const Loss extends string>(loss: Loss) =>
  ({ required: true, above: 0, reason: `loss_type ${loss} divides by it` }) as const;
const boundary = { required: true, description: 'The distance that separates positives from negatives.' } as const;
const margin2 = { required: { triplet_weight_type: ['from_source_triplets', 'from_source_triplets2'] } } as const;

const papers = {
  contrastive: 'Hadsell, Chopra, LeCun, Dimensionality reduction by learning an invariant mapping, CVPR 2006',
  facenet: 'Schroff, Kalenichenko, Philbin, FaceNet, CVPR 2015',
  margin: 'Wu, Manmatha, Smola, Krähenbühl, Sampling matters in deep embedding learning, ICCV 2017',
  multiSimilarity: 'Wang, Han, Huang, Dong, Scott, Multi-similarity loss with general pair weighting, CVPR 2019',
  reproduced: 'Dondera, Towards learning image similarity from general triplet labels, CVPR Workshops 2024',
} as const;

/** Every loss by its `loss_type`: what it learns from, the parameters it reads and the paper it is from. */
export const losses = open({
  double_contrastive: {
    supervision: 'triplets',
    parameters: { margin_positive: required, margin_negative: required },
    paper: papers.contrastive,
  },
  double_margin: { supervision: 'triplets', parameters: { margin: required, beta: boundary }, paper: papers.margin },
  double_multisimilarity: {
    supervision: 'triplets',
    parameters: { margin: required, alpha: required, beta: divisor('double_multisimilarity') },
    paper: papers.multiSimilarity,
  },
  ste: {
    supervision: 'triplets',
    parameters: { tau: required, exact_log_softmax: optional },
    paper: 'van der Maaten, Weinberger, Stochastic triplet embedding, MLSP 2012',
  },
  triplet: { supervision: 'triplets', parameters: { margin: required }, paper: papers.facenet },
  soe: {
    supervision: 'triplets',
    anyScale: true,
    parameters: {
      margin: { required: true, above: 0, reason: 'at or below 0, soe is least where all is equal' },
    },
    paper: 'Terada, von Luxburg, Local ordinal embedding, ICML 2014',
  },
  ckl: {
    supervision: 'triplets',
    anyScale: true,
    parameters: { mu: required },
    paper: 'Tamuz, Liu, Belongie, Shamir, Kalai, Adaptively learning the crowd kernel, ICML 2011',
  },
  contrastive: {
    supervision: 'classes',
    parameters: { margin_positive: required, margin_negative: required },
    paper: papers.contrastive,
  },
  facenet: { supervision: 'classes', parameters: { margin: required }, paper: papers.facenet },
  infonce: {
    supervision: 'classes',
    parameters: { tau: required },
    paper: 'van den Oord, Li, Vinyals, Representation learning with contrastive predictive coding, 2018',
  },
  multi_similarity: {
    supervision: 'classes',
    parameters: { margin: required, alpha: required, beta: divisor('multi_similarity') },
    paper: papers.multiSimilarity,
  },
  multi_similarity_original: {
    supervision: 'classes',
    parameters: { margin: required, alpha: required, beta: divisor('multi_similarity_original') },
    paper: papers.multiSimilarity,
  },
  sampling_matters: { supervision: 'classes', parameters: { margin: required, beta: boundary }, paper: papers.margin },
  rkd: {
    supervision: 'teachers',
    parameters: {
      batch_mining: {
        required: false,
        description: 'The mean of the term of angles is over drawn triplets instead of all.',
      },
    },
    paper: 'Park, Kim, Lu, Cho, Relational knowledge distillation, CVPR 2019',
  },
  relaxed_contrastive: {
    supervision: 'teachers',
    parameters: { margin: required, tau: required },
    paper: 'Kim, Kim, Cho, Kwak, Embedding transfer with label relaxation for improved metric learning, CVPR 2021',
  },
  relaxed_triplet: {
    supervision: 'teachers',
    parameters: {
      triplet_weight_type: {
        required: true,
        values: ['from_source_pairs', 'from_source_triplets'],
        reason: 'relaxed_triplet knows from_source_pairs and from_source_triplets',
      },
      margin: required,
      tau: required,
      margin2,
    },
    paper: papers.reproduced,
  },
  relaxed_facenet: {
    supervision: 'teachers',
    parameters: {
      triplet_weight_type: required,
      margin: required,
      tau: required,
      semihard_loss_threshold: required,
      margin2,
    },
    paper: papers.reproduced,
  },
  relaxed_infonce: { supervision: 'teachers', parameters: { tau: required }, paper: papers.reproduced },
  relaxed_multisimilarity: {
    supervision: 'teachers',
    parameters: { margin: required, tau: required, alpha: required, beta: divisor('relaxed_multisimilarity') },
    paper: papers.reproduced,
  },
  stmr: {
    supervision: 'teachers',
    parameters: {
      tau: { required: true, description: 'Sharpness of the regression, which multiplies differences of distances.' },
      beta: {
        ...divisor('stmr'),
        description: 'Temperature of the teachers, which divides differences of their distances.',
      },
      batch_mining: optional,
    },
    paper: papers.reproduced,
  },
  mtt: {
    supervision: 'teachers',
    parameters: { teacher_margin: required, margin: required },
    paper: papers.reproduced,
  },
} as const satisfies Record<string, LossDeclaration>);

export type LossType = keyof typeof losses;
type Uses<Loss extends LossType> = (typeof losses)[Loss]['parameters'];

/** Is the name of a loss that learns from this supervision. */
export type LossesOf<Kind extends Supervision> = {
  [Loss in LossType]: (typeof losses)[Loss]['supervision'] extends Kind ? Loss : never;
}[LossType];

type ValueIn<Use, Key extends LossParameter> = Use extends { readonly values: readonly (infer Value)[] }
  ? Value
  : LossParameterValues[Key];

/** Holds the parameters of a loss under their keys in a configuration. */
export type LossParameters<Loss extends LossType> = {
  readonly [
    Key in keyof Uses<Loss> & LossParameter as Uses<Loss>[Key] extends { readonly required: true } ? Key : never
  ]: ValueIn<Uses<Loss>[Key], Key>;
} & {
  readonly [
    Key in keyof Uses<Loss> & LossParameter as Uses<Loss>[Key] extends { readonly required: true } ? never : Key
  ]?: ValueIn<Uses<Loss>[Key], Key>;
};

/** Returns the declaration of a loss, in the type of all declarations. */
export const lossDeclaration = (loss: LossType): LossDeclaration => losses[loss];

/** Returns the parameters that a loss reads, in the order of its declaration. */
export const parametersOf = (loss: LossType): LossParameter[] => namesOf<LossParameter>(losses[loss].parameters);

/** Returns the losses that read a parameter. */
export const lossesReading = (parameter: LossParameter): LossType[] =>
  namesOf(losses).filter((loss) => parameter in losses[loss].parameters);
