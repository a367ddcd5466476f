import type { Handle } from '../addon.js';
import type { Call, Kernels } from './kernel.js';

/** The kernels that take a whole step of an optimizer. */
export const optimizers: Kernels = {
  AdamStep({ inputs, attrs, backend, at }: Call) {
    const decays = attrs['decays'] as number[];
    const all = (letter: string): Handle[] => decays.map((_, i) => at(`${letter}${i}`));
    // a variable shares its numbers with the tensor that it was made of, and a tensor may be given twice
    const ids = Object.values(inputs).map(({ dataId }) => dataId);
    const over = new Set(ids).size === ids.length && ids.every((id) => backend.refCount(id) === 1);
    const number = (name: string): number => attrs[name] as number;
    const [rate, beta1, beta2, epsilon, steps] = ['learningRate', 'beta1', 'beta2', 'epsilon', 'steps'].map(number);
    const tensors = [all('w'), all('g'), all('m'), all('v')];
    const decoupled = attrs['decoupled'] as boolean;
    return backend.run('adam', ...tensors, decays, decoupled, rate, beta1, beta2, epsilon, steps, over);
  },
};
