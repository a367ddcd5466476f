/** What computes tensors. */
export interface Engine {
  readonly name: string;
  readonly backend: string;
  readonly version: string;
  readonly device: string;
  readonly gpu: boolean;
  readonly threads: number;
  readonly tried: { readonly name: string; readonly reason: string }[];
}
