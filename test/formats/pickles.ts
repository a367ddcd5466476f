import { zipSync } from 'fflate';

/** A text as a pickle's operation. */
export const text = (value: string): string => `\x8c${String.fromCharCode(value.length)}${value}`;

/** A dict of texts to values, which are operations. */
export const dict = (entries: Readonly<Record<string, string>>): string =>
  `}(${Object.entries(entries)
    .map(([key, value]) => text(key) + value)
    .join('')}u`;

interface TensorOptions {
  readonly rebuild?: string;
  /** What `_rebuild_tensor_v3` takes in front of the metadata. */
  readonly beforeMetadata?: string;
  readonly metadata?: string;
  readonly parametersOnly?: boolean;
}

/** A tensor of the storage in `pickled`: float32 1, -2, .5, 4. */
export function tensorOf(options: TensorOptions = {}): string {
  const { rebuild = '_rebuild_tensor_v2', beforeMetadata = '', metadata = '', parametersOnly = false } = options;
  const storage = `(${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}K\x04tQ`;
  const parameters = `(${storage}K\x00K\x04\x85K\x01\x85\x89ccollections\nOrderedDict\n)R${beforeMetadata}${metadata}t`;
  return parametersOnly ? parameters : `ctorch._utils\n${rebuild}\n${parameters}R`;
}

/** A file of `torch.save` of the value, given as a pickle's operations. */
export function pickled(value: string): Uint8Array {
  const pickle = Buffer.from(`\x80\x02${value}.`, 'latin1');
  const storage = new Uint8Array(Float32Array.of(1, -2, 0.5, 4).buffer);
  return zipSync({ 's/data.pkl': pickle, 's/data/0': storage }, { level: 0 });
}
