/** What there is to know about a preprocessing without running it. */
export interface PreprocessingDeclaration {
  /** What becomes of an item: its picture, or its index. */
  readonly gives: 'pictures' | 'indexes';
  /** Side of the square pictures where no size is configured, in pixels. */
  readonly imageSize?: number;
  /** Does it give this size only? */
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
/** The preprocessings that give pictures. */
export type ImagePreprocessingName = {
  [Name in PreprocessingName]: (typeof preprocessings)[Name]['gives'] extends 'pictures' ? Name : never;
}[PreprocessingName];

/** The declaration of a preprocessing, as one of any. */
export const preprocessingDeclaration = (name: PreprocessingName): PreprocessingDeclaration => preprocessings[name];
