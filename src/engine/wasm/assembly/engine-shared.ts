// asc: -O3 --noAssert --runtime stub --enable simd,threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// Exports the functions of ./engine for a heap that threads share.
export * from './engine';
