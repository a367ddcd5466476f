/** Is a picture: a file, or pixels drawn by code, `[height, width, 3] uint8`, RGB. */
export type Picture =
  { readonly file: string } | { readonly width: number; readonly height: number; readonly data: Uint8Array };

/** Asks for pictures that make one batch. */
export interface PictureRequest {
  readonly pictures: readonly Picture[];
  /** The names that errors give them, one for each picture. */
  readonly names: readonly string[];
  /** The augmentation for training; without it pictures are prepared for evaluation. */
  readonly augmentation?: Augmentation;
}

/** Says which draws the pictures get: those of the seed, the epoch and each picture's position in the epoch. */
export interface Augmentation {
  readonly seed: number;
  readonly epoch: number;
  /** Position of the request's first picture in the epoch. */
  readonly first: number;
}

/** Holds pictures as a network takes them. */
export interface PictureBatch {
  /** `[pictures, size, size, 3] float32`; zeros for those that are bad. */
  readonly data: Float32Array;
  readonly size: number;
  /** Pictures that cannot be read, under `on_bad_image: skip`. */
  readonly bad: readonly BadPicture[];
}

export interface BadPicture {
  /** Its index in the request. */
  readonly index: number;
  readonly reason: string;
}
