import { UsageError } from '../../errors.js';
import { printable } from '../file-bytes.js';
import { TorchTensor } from './torch-tensor.js';

/** Names of the state dict in checkpoints; where a checkpoint has several, the first one here counts. */
const names = [
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'net',
  'network',
  'backbone',
  'encoder',
  'params',
  'weights',
  'module',
  'ema',
  'ema_state_dict',
  'model_ema',
  'state_dict_ema',
  'params_ema',
];
const deepest = 3;

type Dict = ReadonlyMap<unknown, unknown>;

/**
 * Finds the tensors of a state dict, or of the one in a trainer's checkpoint, which may have other tensors (an epoch, a
 * best value) beside it. Averaged weights (`ema`) are taken only where there are no others.
 *
 * @throws UsageError where there is none, or it is unclear which is meant
 */
export function stateDictOf(value: unknown, file: string): [string, TorchTensor][] {
  const found = value instanceof Map ? search(value, deepest) : undefined;
  if (found !== undefined) return tensorsOf(found);
  const within = value instanceof Map ? [...(value as Dict)].filter(([, inner]) => isStateDict(inner)) : [];
  const listed = within.slice(0, 5).map(([name]) => (typeof name === 'string' ? printable(name) : typeof name));
  const which = within.length > 0 ? ` (${listed.join(', ')} might be)` : '';
  throw new UsageError(
    `cannot read ${file}: it holds no state dict (tensors by name)${which}; save model.state_dict()`,
  );
}

/** Returns the state dict in it that has a known name, else itself. */
function search(dict: Dict, depth: number): Dict | undefined {
  for (const name of names) {
    const inner = dict.get(name);
    const found = inner instanceof Map && depth > 0 ? search(inner, depth - 1) : undefined;
    if (found !== undefined) return found;
  }
  return isStateDict(dict) ? dict : undefined;
}

function isStateDict(value: unknown): value is Dict {
  return value instanceof Map && tensorsOf(value).length > 0;
}

function tensorsOf(dict: Dict): [string, TorchTensor][] {
  return [...dict].filter(
    (entry): entry is [string, TorchTensor] => typeof entry[0] === 'string' && entry[1] instanceof TorchTensor,
  );
}
