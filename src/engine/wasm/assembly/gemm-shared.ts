// asc: -O3 --noAssert --runtime stub --enable simd,threads --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536
// The same for a heap that threads share.
export * from './gemm';
