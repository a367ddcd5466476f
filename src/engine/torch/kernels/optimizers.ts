import type { Handle } from '../addon.js';
import type { Call, Kernels } from './kernel.js';

/** The kernels that take a whole step of an optimizer. */
export const optimizers: Kernels = {
  AdamStep({ attrs, backend, at }: Call) {
    const decays = attrs['decays'] as number[];
    const all = (letter: string): Handle[] => decays.map((_, i) => at(`${letter}${i}`));
    const number = (name: string): number => attrs[name] as number;
    const [rate, beta1, beta2, epsilon, steps] = ['learningRate', 'beta1', 'beta2', 'epsilon', 'steps'].map(number);
    const tensors = [all('w'), all('g'), all('m'), all('v')];
    return backend.run('adam', ...tensors, decays, attrs['decoupled'] as boolean, rate, beta1, beta2, epsilon, steps);
  },
};
