/**
 * The floors of the house: each folder of src/ with the folders that its files may import, types included. Files that lie
 * directly in src/ are listed by their names without `.ts`; every folder may import `errors`, `file-errors`, `files`,
 * `assets`, `start-thread`, `stored-json`, `interruption` and `tf`.
 */
export const leaves = [
  'errors',
  'file-errors',
  'files',
  'assets',
  'start-thread',
  'stored-json',
  'interruption',
  'tf',
] as const;

export const floors: Readonly<Record<string, readonly string[]>> = {
  // what knows nothing of the method, and what only declares its parts
  html: [],
  random: [],
  locks: [],
  statistics: ['random'],
  formats: [],
  catalogue: [],
  configuration: ['catalogue'],
  acquisition: ['formats', 'locks'],
  engine: ['catalogue'],
  // the parts of the method
  neighbors: ['engine'],
  metrics: ['catalogue', 'neighbors', 'random'],
  miners: ['catalogue', 'random'],
  optimizers: ['catalogue', 'engine'],
  losses: ['catalogue', 'configuration', 'engine', 'miners', 'random'],
  teachers: ['catalogue', 'engine', 'formats', 'random'],
  preprocessing: ['catalogue', 'configuration', 'random'],
  backbones: ['acquisition', 'catalogue', 'configuration', 'engine', 'formats', 'locks', 'random', 'teachers'],
  datasets: [
    'acquisition',
    'catalogue',
    'configuration',
    'formats',
    'metrics',
    'preprocessing',
    'random',
    'statistics',
  ],
  samplers: ['catalogue', 'datasets', 'random'],
  // what is done with them
  training: [
    ...['backbones', 'catalogue', 'configuration', 'datasets', 'engine', 'formats', 'locks', 'losses', 'metrics'],
    ...['miners', 'optimizers', 'preprocessing', 'random', 'samplers', 'teachers'],
  ],
  evaluation: [
    ...[
      'backbones',
      'catalogue',
      'configuration',
      'datasets',
      'engine',
      'formats',
      'metrics',
      'neighbors',
      'optimizers',
      'random',
    ],
    ...['samplers', 'teachers', 'training'],
  ],
  verification: [
    ...['backbones', 'configuration', 'datasets', 'formats', 'losses', 'metrics', 'optimizers', 'preprocessing'],
    ...['random'],
  ],
  experiments: [
    ...[
      'backbones',
      'catalogue',
      'configuration',
      'datasets',
      'engine',
      'evaluation',
      'formats',
      'random',
      'statistics',
    ],
    ...['training'],
  ],
  figures: [
    ...['configuration', 'datasets', 'evaluation', 'html', 'losses', 'metrics', 'preprocessing', 'random'],
    ...['statistics', 'training'],
  ],
  notebook: ['figures', 'html', 'locks'],
  commands: [
    ...[
      'acquisition',
      'backbones',
      'catalogue',
      'configuration',
      'datasets',
      'engine',
      'evaluation',
      'experiments',
      'figures',
    ],
    ...['metrics', 'notebook', 'training', 'verification'],
  ],
  cli: ['catalogue', 'commands'],
};
