import type { TensorInfo } from '../../../tf.js';
import type { Operand } from '../gemm/gemm.js';
import type { Workspace } from '../gemm/workspace.js';

/** Lists places along one axis of an image, -1 for the padding. */
export type Places = readonly number[];

/** Describes a batch of images with channels last that products read or write pixel by pixel. */
export interface Images {
  readonly address: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Returns the images of a tensor [batch, height, width, channels] at an address. */
export function imagesOf(address: number, tensor: TensorInfo): Images {
  const [, height, width, channels] = tensor.shape;
  return { address, height, width, channels };
}

/** Returns all places of an axis. */
export const everywhere = (length: number): Places => Array.from({ length }, (_, place) => place);

/** The most pixels in one table: 8 MiB. */
const TABLE_PIXELS = 2 ** 21;

/** Runs `work` for ranges of images [first, behind) whose tables, `pixels` numbers an image, are not too large. */
export function forImages(count: number, pixels: number, work: (first: number, behind: number) => void): void {
  const step = Math.max(1, Math.floor(TABLE_PIXELS / pixels));
  for (let first = 0; first < count; first += step) work(first, Math.min(count, first + step));
}

/** Makes tables of the pixels of images `first` up to `behind`; pixels outside refer to a row of zeros. */
export class PixelTables {
  private readonly workspace: Workspace;
  private readonly first: number;
  private readonly behind: number;
  private readonly zeros: number;

  constructor(workspace: Workspace, first: number, behind: number, channels: number) {
    this.workspace = workspace;
    this.first = first;
    this.behind = behind;
    this.zeros = workspace.table(channels, (integers, at) => {
      integers.fill(0, at, at + channels);
    });
  }

  /** Returns the pixels (y, x) for y in `rows` and x in `columns`, each a vector of channels. */
  of(images: Images, rows: Places, columns: Places): Omit<Operand, 'by'> {
    const count = (this.behind - this.first) * rows.length * columns.length;
    const padded = Math.ceil(count / 8) * 8;
    const pixel = images.channels * 4;
    const outside = this.zeros - images.address;
    const table = this.workspace.table(padded, (integers, start) => {
      let at = start;
      for (let image = this.first; image < this.behind; image++)
        for (const row of rows) {
          const left = (image * images.height + row) * images.width;
          for (const column of columns) integers[at++] = row < 0 || column < 0 ? outside : (left + column) * pixel;
        }
      integers.fill(outside, at, start + padded);
    });
    return { table, base: images.address };
  }
}
