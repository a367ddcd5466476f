import { UsageError } from '../errors.js';

/** Describes pictures that cannot be read, among those that were looked at. */
export interface Unreadable {
  /** The name of the first one; `reason` says why it cannot be read. */
  readonly name: string;
  readonly reason: string;
  /** How many there are. */
  readonly count: number;
  /** How many were looked at, and where: `pictures of its batch`. */
  readonly among: number;
  readonly of: string;
}

/** Makes the error for unreadable pictures: the first one's name, how many of how many, the remedy. */
export function unreadable({ name, reason, count, among, of }: Unreadable): UsageError {
  return new UsageError(
    `unreadable picture: ${name}: ${reason} (${count} of ${among} ${of}); replace ${count > 1 ? 'them' : 'it'} or set preprocessing.on_bad_image=skip`,
  );
}
