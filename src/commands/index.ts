import type { Command } from 'commander';

/** The commands. Each is loaded when it is called, so that it starts without the modules of the others. */
export const commands: Record<string, () => Promise<(program: Command) => void>> = {
  train: async () => (await import('./train.js')).registerTrain,
  init: async () => (await import('./init.js')).registerInit,
  reproduce: async () => (await import('./reproduce.js')).registerReproduce,
  compare: async () => (await import('./compare.js')).registerCompare,
  experiments: async () => (await import('./experiments.js')).registerExperiments,
  'save-embeddings': async () => (await import('./save-embeddings.js')).registerSaveEmbeddings,
  evaluate: async () => (await import('./evaluate.js')).registerEvaluate,
  align: async () => (await import('./align.js')).registerAlign,
  runs: async () => (await import('./runs.js')).registerRuns,
  export: async () => (await import('./export.js')).registerExport,
  config: async () => (await import('./config.js')).registerConfig,
  data: async () => (await import('./data.js')).registerData,
  weights: async () => (await import('./weights.js')).registerWeights,
  notebook: async () => (await import('./notebook.js')).registerNotebook,
  replica: async () => (await import('./replica.js')).registerReplica,
  'build-torch': async () => (await import('./build-torch.js')).registerBuildTorch,
  doctor: async () => (await import('./doctor.js')).registerDoctor,
  verify: async () => (await import('./verify.js')).registerVerify,
};
