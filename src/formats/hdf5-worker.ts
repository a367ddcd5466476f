/**
 * Reads data sets of one HDF5 file in a thread of its own and posts them: plain JavaScript in a text, since it must run
 * wherever this package runs, and the HDF5 library starts asynchronously, which no caller needs to know.
 *
 * Posts `{ values: [name, { shape, data } | { shape, texts } | { kind }][] }` or `{ error }`.
 */
export const HDF5_WORKER = `
const { workerData } = require('node:worker_threads');
const { file, names, module, mostBytes, port, signal } = workerData;
const NUMBER = [0, 1, 8]; // H5T_INTEGER, H5T_FLOAT, H5T_ENUM (booleans)
const TEXT = 3; // H5T_STRING

function valueOf(entry) {
  if (entry === null || entry.type !== 'Dataset') return { kind: entry === null ? 'empty' : entry.type };
  const { type, shape, size, total_size, vlen } = entry.metadata;
  if (shape === null) return { kind: 'empty' };
  if (total_size * size > mostBytes) throw new Error('it has more than ' + mostBytes + ' bytes');
  const plain = NUMBER.includes(type) && !vlen;
  if (!plain && type !== TEXT) return { kind: 'other' };
  const value = entry.value;
  if (type === TEXT) return { shape, texts: Array.isArray(value) ? value.flat(Infinity).map(String) : [String(value)] };
  if (ArrayBuffer.isView(value)) return { shape, data: value };
  const values = [value].flat(Infinity);
  const big = values.some((one) => typeof one === 'bigint');
  return { shape, data: big ? BigInt64Array.from(values, BigInt) : Float64Array.from(values, Number) };
}

async function read() {
  const hdf5 = await import(module);
  const library = await hdf5.ready;
  library.activate_throwing_error_handler();
  const opened = new hdf5.File(file, 'r');
  if (opened.file_id < 0n) throw new Error('not an HDF5 file, or damaged');
  try {
    const there = new Set(opened.keys());
    return names.filter((name) => there.has(name)).map((name) => [name, valueOf(opened.get(name))]);
  } finally {
    opened.close();
  }
}

read()
  .then((values) => ({ values }), (error) => ({ error: String((error && error.message) || error) }))
  .then((answer) => {
    port.postMessage(answer);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  });
`;
