/** What the project's kernel offers the code of a running cell. */
export interface KernelSession {
  /** Shows one output with all its MIME types; with an id it can be replaced later. */
  display(data: Readonly<Record<string, unknown>>, id?: string, update?: boolean): void;
  /** Calls back once when the running cell ends, before it is reported as done. */
  onCellEnd(callback: () => void | Promise<void>): void;
  /**
   * Aborts when the running cell is interrupted: long work takes it as it begins, and stops at its next chance. A cell
   * that has asked for it is given some seconds to end by itself.
   */
  readonly signal: AbortSignal;
}

/** The running kernel's session, or undefined outside of a notebook. */
export function kernelSession(): KernelSession | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for('tripletlab.kernel')] as KernelSession | undefined;
}

/** Options whose work stops when the running cell is interrupted, unless they name another signal. */
export function stoppedWithCell<Options extends { readonly signal?: AbortSignal }>(options: Options): Options {
  const signal = options.signal ?? kernelSession()?.signal;
  return signal === undefined ? options : { ...options, signal };
}
