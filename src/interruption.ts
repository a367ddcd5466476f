/** Under this key of `globalThis` the notebook's kernel puts what it offers the code of a running cell. */
export const RUNNING_CELL = Symbol.for('tripletlab.kernel');

/**
 * The signal that the surroundings of this code set, or undefined where they set none.
 *
 * In a notebook it aborts when the running cell is interrupted: long work asks for it as it begins and stops at its next
 * chance. A cell that has asked for it is given some seconds to end by itself.
 */
export function ambientSignal(): AbortSignal | undefined {
  const cell = (globalThis as Record<symbol, unknown>)[RUNNING_CELL] as { readonly signal: AbortSignal } | undefined;
  return cell?.signal;
}

/** Options whose work stops at the ambient signal, unless they name another. */
export function interruptible<Options extends { readonly signal?: AbortSignal }>(options: Options): Options {
  const signal = options.signal ?? ambientSignal();
  return signal === undefined ? options : { ...options, signal };
}
