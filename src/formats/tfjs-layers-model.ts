import { dirname } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.js';
import { pathInside } from '../files.js';
import { fileBytes, invalidFile, printable } from './file-bytes.js';
import { elementCount, fromBytes, halfToNumber, itemSize, zeros, type DType, type NdArray, type NdData } from './nd-array.js'; // prettier-ignore

const size = z.number().int().nonnegative();
const weightSchema = z.object({
  name: z.string(),
  shape: z.array(size),
  dtype: z.string(),
  quantization: z
    .object({ dtype: z.enum(['uint8', 'uint16', 'float16']), scale: z.number().optional(), min: z.number().optional() })
    .optional(),
});
const modelSchema = z.object({
  format: z.string().optional(),
  weightsManifest: z.array(z.object({ paths: z.array(z.string().min(1)), weights: z.array(weightSchema) })),
});
type Weight = z.infer<typeof weightSchema>;

/** Stored types of unquantized weights. */
const types: Readonly<Record<string, DType>> = { float32: 'float32', int32: 'int32', bool: 'bool', uint8: 'uint8' };

/**
 * Reads the weights of a TensorFlow.js layers model (`model.json` and the shards `group1-shard1of25.bin` beside it), by
 * name, in the manifest's order; quantized ones as float32.
 *
 * @throws UsageError where a file is missing or damaged, or a shard would lie outside the model's folder
 *
 * Source: tfjs-core's `io/types.ts` and `io/io_utils.ts`.
 */
export function readTfjsModel(file: string): Map<string, NdArray> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(fileBytes(file)).toString('utf8'));
  } catch (error) {
    throw error instanceof SyntaxError ? invalidFile(file, 'not JSON') : error;
  }
  const parsed = modelSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalidFile(
      file,
      `no model of TensorFlow.js: ${printable(issue.path.join('.'))}: ${printable(issue.message)}`,
    );
  }
  const tensors = new Map<string, NdArray>();
  for (const { paths, weights } of parsed.data.weightsManifest) {
    const sizes = weights.map((weight) => storedSize(weight, file));
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    const bytes = joined(paths, total, file);
    let at = 0;
    weights.forEach((weight, i) => {
      if (tensors.has(weight.name)) throw invalidFile(file, `it has ${printable(weight.name)} twice`);
      tensors.set(weight.name, decode(weight, bytes.subarray(at, at + sizes[i])));
      at += sizes[i];
    });
  }
  return tensors;
}

function storedSize({ name, shape, dtype, quantization }: Weight, file: string): number {
  const type = quantization?.dtype ?? types[dtype];
  if (type === undefined)
    throw new UsageError(
      `cannot read ${file}: weight ${printable(name)} has dtype ${printable(dtype)}; ` +
        `readable are ${Object.keys(types).join(', ')}`,
    );
  return elementCount(shape) * itemSize(type);
}

/** Joins the bytes of a group's shards, which must be as many as its weights have. */
function joined(paths: readonly string[], total: number, file: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let found = 0;
  for (const path of paths) {
    const part = fileBytes(pathInside(dirname(file), path));
    found += part.length;
    // Checked before memory is allocated for all; weights of absurd shapes end here too.
    if (found > total) break;
    parts.push(part);
  }
  if (found !== total) throw invalidFile(file, `its shards hold ${found} bytes or more, and its weights need ${total}`);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function decode({ shape, dtype, quantization }: Weight, bytes: Uint8Array): NdArray {
  if (quantization === undefined) return { dtype: types[dtype], shape, data: view(types[dtype], bytes) };
  const stored = fromBytes(quantization.dtype, bytes);
  const data = new Float32Array(stored.length);
  const { scale = 1, min = 0 } = quantization;
  const half = quantization.dtype === 'float16';
  for (let i = 0; i < data.length; i++)
    data[i] = half ? halfToNumber(Number(stored[i])) : Number(stored[i]) * scale + min;
  return { dtype: 'float32', shape, data };
}

type Typed = new (buffer: ArrayBufferLike, offset: number, length: number) => NdData;

/** Returns the bytes as elements: a view of them where they are aligned. */
function view(dtype: DType, bytes: Uint8Array): NdData {
  if (bytes.byteOffset % itemSize(dtype) > 0) return fromBytes(dtype, bytes);
  return new (zeros(dtype, 0).constructor as Typed)(bytes.buffer, bytes.byteOffset, bytes.length / itemSize(dtype));
}
