import { UsageError } from '../src/errors.js';

/** Returns the message with which work is refused; 'nothing' where it is not. */
export function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'nothing';
}
