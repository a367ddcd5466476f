export { readHdf5, type Hdf5Value } from './hdf5/hdf5.js';
export { readMat, type MatValue } from './mat/mat.js';
export type { DType, NdArray } from './nd-array.js';
export { encodeNpy, readNpy } from './npy.js';
export { encodeNpz, readNpz } from './npz.js';
export { decodeSafetensors, encodeSafetensors, readSafetensors, type Safetensors } from './safetensors.js';
export { decodeScalarEvents, encodeScalarEvents, type ScalarEvent } from './tensorboard-events.js';
export { readTfjsModel } from './tfjs-layers-model.js';
export { decodeTorch, readTorch } from './torch/torch-file.js';
