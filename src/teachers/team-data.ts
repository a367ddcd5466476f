/** Looks before going to sleep: waking up costs more than a short wait. */
export const SPINS = 4000;

/** What a helper thread of `Team` starts with. */
export interface TeamWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Offset of the team in the memory, bytes. */
  readonly team: number;
}
