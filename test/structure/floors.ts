/**
 * The floors of the house: each folder of src/ with the folders that its files may import, types included. Files that lie
 * directly in src/ are listed by their names without `.ts`; every folder may import `errors`, `file-errors`, `files`,
 * `assets`, `stored-json`, `interruption` and `tf`.
 */
export const leaves = ['errors', 'file-errors', 'files', 'assets', 'stored-json', 'interruption', 'tf'] as const;

export const floors: Readonly<Record<string, readonly string[]>> = {
  // what knows nothing of the method
  html: [],
  random: [],
  locks: [],
  statistics: ['random'],
  formats: [],
  configuration: [],
  acquisition: ['formats', 'locks'],
  engine: ['configuration'],
  // the parts of the method
  neighbors: ['engine'],
  metrics: ['neighbors', 'random'],
  miners: ['random'],
  optimizers: ['engine'],
  losses: ['configuration', 'engine', 'miners', 'random'],
  teachers: ['configuration', 'engine', 'formats', 'random'],
  preprocessing: ['configuration', 'random'],
  backbones: ['acquisition', 'configuration', 'engine', 'formats', 'locks', 'random', 'teachers'],
  datasets: ['acquisition', 'configuration', 'formats', 'metrics', 'preprocessing', 'random', 'statistics'],
  samplers: ['datasets', 'random'],
  // what is done with them
  training: [
    ...['backbones', 'configuration', 'datasets', 'engine', 'formats', 'locks', 'losses', 'metrics', 'optimizers'],
    ...['preprocessing', 'random', 'samplers', 'teachers'],
  ],
  evaluation: [
    ...['backbones', 'configuration', 'datasets', 'engine', 'formats', 'metrics', 'neighbors', 'optimizers', 'random'],
    ...['samplers', 'teachers', 'training'],
  ],
  verification: [
    ...['backbones', 'configuration', 'datasets', 'formats', 'losses', 'metrics', 'optimizers', 'preprocessing'],
    ...['random'],
  ],
  experiments: [
    ...['backbones', 'configuration', 'datasets', 'engine', 'evaluation', 'formats', 'random', 'statistics'],
    ...['training'],
  ],
  figures: [
    ...['configuration', 'datasets', 'evaluation', 'html', 'losses', 'metrics', 'preprocessing', 'random'],
    ...['statistics', 'training'],
  ],
  notebook: ['figures', 'html', 'locks'],
  commands: [
    ...['acquisition', 'backbones', 'configuration', 'datasets', 'engine', 'evaluation', 'experiments', 'figures'],
    ...['metrics', 'notebook', 'training', 'verification'],
  ],
  cli: ['commands'],
};
