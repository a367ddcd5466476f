import { open } from './open.js';

/** Every optimizer by its `optimizer_type`. */
export const optimizers = open({
  adam: {
    description: 'Adam; weight decay is a part of the gradient.',
    paper: 'Kingma, Ba, Adam: a method for stochastic optimization, ICLR 2015',
  },
  adamw: {
    description: 'Adam with weight decay that is decoupled from the gradient.',
    paper: 'Loshchilov, Hutter, Decoupled weight decay regularization, ICLR 2019',
  },
} as const);
export type OptimizerType = keyof typeof optimizers;
