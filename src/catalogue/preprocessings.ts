/** Holds what is known about a preprocessing without running it. */
export interface PreprocessingDeclaration {
  /** What it makes of an item: its picture, or its index. */
  readonly gives: 'pictures' | 'indexes';
  /** Side of the square pictures in pixels, if no size is configured. */
  readonly imageSize?: number;
  /** Whether this size is the only one. */
  readonly fixedSize?: true;
  readonly description: string;
}

/** Every preprocessing by its name in configurations. */
export const preprocessings = {
  ResNetImagePreprocessing: {
    gives: 'pictures',
    imageSize: 227,
    description: 'As torchvision trains ResNets: shorter side to 256, bilinear, centre crop.',
  },
  ViTImagePreprocessing: {
    gives: 'pictures',
    imageSize: 224,
    fixedSize: true,
    description: 'As timm trains vision transformers: shorter side to 248, bicubic, centre crop.',
  },
  SmallImagePreprocessing: {
    gives: 'pictures',
    imageSize: 64,
    description: 'For small networks: nothing but a mirror image in training.',
  },
  IndexRemapPreprocessing: { gives: 'indexes', description: 'The prototype of each item, by its index.' },
} as const satisfies Record<string, PreprocessingDeclaration>;

export type PreprocessingName = keyof typeof preprocessings;
/** Is the name of a preprocessing that gives pictures. */
export type ImagePreprocessingName = {
  [Name in PreprocessingName]: (typeof preprocessings)[Name]['gives'] extends 'pictures' ? Name : never;
}[PreprocessingName];

/** Returns the declaration of a preprocessing, in the type of all declarations. */
export const preprocessingDeclaration = (name: PreprocessingName): PreprocessingDeclaration => preprocessings[name];
