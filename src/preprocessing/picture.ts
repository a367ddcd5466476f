/** A picture: a file, or pixels drawn by code, `[height, width, 3] uint8`, RGB. */
export type Picture =
  { readonly file: string } | { readonly width: number; readonly height: number; readonly data: Uint8Array };

/** Pictures wanted together. */
export interface PictureRequest {
  readonly pictures: readonly Picture[];
  /** What errors call them: one for each picture. */
  readonly names: readonly string[];
  /** For training; without it, as pictures are evaluated. */
  readonly augmentation?: Augmentation;
}

/** Which draws the pictures of a request get: those of the seed, the epoch and each one's position in the epoch. */
export interface Augmentation {
  readonly seed: number;
  readonly epoch: number;
  /** Position of the request's first picture in the epoch. */
  readonly first: number;
}

/** Pictures as a network takes them. */
export interface PictureBatch {
  /** `[pictures, size, size, 3] float32`; zeros for those that are bad. */
  readonly data: Float32Array;
  readonly size: number;
  /** Pictures that cannot be read, under `on_bad_image: skip`. */
  readonly bad: readonly BadPicture[];
}

export interface BadPicture {
  /** In the request. */
  readonly index: number;
  readonly reason: string;
}
