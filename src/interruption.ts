/** The key of `globalThis` under which the notebook's kernel gives the code of a running cell access to itself. */
export const RUNNING_CELL = Symbol.for('tripletlab.kernel');

/**
 * Returns the signal that the environment of this code provides, or undefined where it provides none.
 *
 * In a notebook it aborts when the running cell is interrupted. Long work asks for it at its beginning, and stops as
 * soon as it can. A cell that has asked for it gets some seconds to end by itself.
 */
export function ambientSignal(): AbortSignal | undefined {
  const cell = (globalThis as Record<symbol, unknown>)[RUNNING_CELL] as { readonly signal: AbortSignal } | undefined;
  return cell?.signal;
}

/** Returns options whose work stops at the ambient signal, unless they contain another signal. */
export function interruptible<Options extends { readonly signal?: AbortSignal }>(options: Options): Options {
  const signal = options.signal ?? ambientSignal();
  return signal === undefined ? options : { ...options, signal };
}
