import * as tf from '../tf.js';

/**
 * Gives `tf.einsum` of one or two tensors the gradient that TensorFlow.js lacks.
 *
 * For `a,b->c`: da = einsum(c,b->a), spread over the axes that neither c nor b has.
 */
export function registerEinsumGradient(): void {
  tf.registerGradient({
    kernelName: tf.Einsum,
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const [terms, output] = (attrs as unknown as { equation: string }).equation.replaceAll(' ', '').split('->');
      const letters = terms.split(',');
      const gradient = (i: number): tf.Tensor => {
        const gradients = dy as tf.Tensor;
        const others = letters.filter((_, other) => other !== i);
        const known = [...letters[i]].filter((letter) => output.includes(letter) || others.join('').includes(letter));
        const equation = `${[output, ...others].join(',')}->${known.join('')}`;
        const product = tf.einsum(equation, gradients, ...saved.filter((_, other) => other !== i));
        const size = (letter: string, axis: number) => (known.includes(letter) ? saved[i].shape[axis] : 1);
        return tf.broadcastTo(tf.reshape(product, [...letters[i]].map(size)), saved[i].shape);
      };
      return Object.fromEntries(letters.map((_, i) => [String(i), () => gradient(i)]));
    },
  });
}
