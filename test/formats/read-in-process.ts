import { readHdf5 } from '../../src/formats/hdf5/hdf5.js';
import { readMat } from '../../src/formats/mat/mat.js';
import { readNpz } from '../../src/formats/npz.js';
import { readTorch } from '../../src/formats/torch/torch-file.js';

// Reads the file that is named, and tells what came of it and the most memory that this process took.
const readers: Readonly<Record<string, (file: string) => unknown>> = {
  pth: readTorch,
  npz: readNpz,
  mat: readMat,
  hdf5: (file) => readHdf5(file, ['x']),
};
const [, , file] = process.argv;
let outcome = 'read';
try {
  readers[file.replace(/^.*\./, '')](file);
} catch (error) {
  outcome = `${(error as Error).name}: ${(error as Error).message}`;
}
const mebibytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ outcome, mebibytes }));
