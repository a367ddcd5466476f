import { RUNNING_CELL } from '../../interruption.js';

/** Where a running cell shows its output. */
export interface CellOutput {
  /** Shows one output with all its MIME types; with an id it can be replaced later. */
  display(data: Readonly<Record<string, unknown>>, id?: string, update?: boolean): void;
  /** Calls back once when the running cell ends, before it is reported as done. */
  onCellEnd(callback: () => void | Promise<void>): void;
}

/** The running cell's output, or undefined outside of a notebook. */
export const cellOutput = (): CellOutput | undefined =>
  (globalThis as Record<symbol, unknown>)[RUNNING_CELL] as CellOutput | undefined;
