import { backend_util, util, type Tensor, type TensorInfo } from '../../../tf.js';
import type { WasmBackend } from '../heap.js';
import { callKernel, reshaped, type Call } from './kernel.js';

/** Holds a tensor with a letter for each axis; `own` if nothing else refers to it. */
interface Term {
  readonly tensor: TensorInfo;
  readonly letters: string;
  readonly own: boolean;
}

const without = (letters: string, others: string): string => [...letters].filter((l) => !others.includes(l)).join('');
const common = (letters: string, others: string): string => [...letters].filter((l) => others.includes(l)).join('');

function release(backend: WasmBackend, term: Term): void {
  if (term.own) backend.disposeData(term.tensor.dataId);
}

/** Sums over the axes whose letters are not kept. */
function sumOver(term: Term, kept: string, backend: WasmBackend): Term {
  const letters = common(term.letters, kept);
  if (letters === term.letters) return term;
  const axis = [...term.letters].flatMap((letter, i) => (kept.includes(letter) ? [] : [i]));
  const tensor = callKernel('Sum', { x: term.tensor }, backend, { axis, keepDims: false });
  release(backend, term);
  return { tensor, letters, own: true };
}

function ordered(term: Term, letters: string, backend: WasmBackend): Term {
  if (letters === term.letters) return term;
  const perm = [...letters].map((letter) => term.letters.indexOf(letter));
  const tensor = callKernel('Transpose', { x: term.tensor }, backend, { perm });
  release(backend, term);
  return { tensor, letters, own: true };
}

/** Computes the product of two terms, summed over the letters that `output` lacks, as a batched matrix product. */
function contract(left: Term, right: Term, output: string, backend: WasmBackend): Term {
  const sizes = new Map<string, number>();
  for (const { tensor, letters } of [left, right])
    [...letters].forEach((letter, i) => sizes.set(letter, tensor.shape[i]));
  const size = (letters: string) => [...letters].reduce((product, letter) => product * sizes.get(letter)!, 1);
  const both = common(left.letters, right.letters);
  const batch = common(both, output);
  const inner = without(both, output);
  const [rows, columns] = [without(left.letters, both), without(right.letters, both)];
  const transposeA = left.letters === batch + inner + rows && rows !== '';
  const transposeB = right.letters === batch + columns + inner && columns !== '';
  const a = transposeA ? left : ordered(left, batch + rows + inner, backend);
  const b = transposeB ? right : ordered(right, batch + inner + columns, backend);
  const [count, m, n, k] = [batch, rows, columns, inner].map(size);
  const inputs = {
    a: reshaped(a.tensor, transposeA ? [count, k, m] : [count, m, k]),
    b: reshaped(b.tensor, transposeB ? [count, n, k] : [count, k, n]),
  };
  const product = callKernel('BatchMatMul', inputs, backend, { transposeA, transposeB });
  release(backend, a);
  release(backend, b);
  const letters = batch + rows + columns;
  return { tensor: reshaped(product, [...letters].map((letter) => sizes.get(letter)!)), letters, own: true }; // prettier-ignore
}

/** Computes Einsum of one or two float32 tensors, such as `ab,bc->ac`: sums over the letters that the result lacks. */
export function einsum({ inputs, backend, attrs }: Call<string, { readonly equation: string }>): TensorInfo {
  const tensors = Object.values(inputs);
  const equation = attrs.equation.replaceAll(' ', '');
  const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as Tensor[]); // reads only their shapes
  const [terms, output] = equation.split('->');
  const all: Term[] = terms.split(',').map((letters, i) => ({ tensor: tensors[i], letters, own: false }));
  const [left, right] = all.map((term, i) =>
    sumOver(term, output + ((all[1 - i] as Term | undefined)?.letters ?? ''), backend),
  ) as [Term, Term | undefined];
  const product = right === undefined ? left : contract(left, right, output, backend);
  const result = ordered(product, output, backend);
  util.assert(result.letters === output, () => `einsum: ${attrs.equation}`);
  return result.own ? result.tensor : callKernel('Identity', { x: result.tensor }, backend, {});
}
