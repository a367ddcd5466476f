import { RUNNING_CELL } from '../../interruption.js';

/** The output of a running cell. */
export interface CellOutput {
  /** Shows one output with all its MIME types; an output with an id can be replaced later. */
  display(data: Readonly<Record<string, unknown>>, id?: string, update?: boolean): void;
  /** Calls back once when the running cell ends, before it is reported as done. */
  onCellEnd(callback: () => void | Promise<void>): void;
}

/** Returns the running cell's output, or undefined outside of a notebook. */
export const cellOutput = (): CellOutput | undefined =>
  (globalThis as Record<symbol, unknown>)[RUNNING_CELL] as CellOutput | undefined;
