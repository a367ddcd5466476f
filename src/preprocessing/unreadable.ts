import { UsageError } from '../errors.js';

/** Pictures that cannot be read, among those that were looked at. */
export interface Unreadable {
  /** Of the first one. */
  readonly name: string;
  readonly reason: string;
  /** How many there are. */
  readonly count: number;
  /** How many were looked at, and where: `pictures of its batch`. */
  readonly among: number;
  readonly of: string;
}

/** The error where pictures cannot be read: the first by name, how many of how many, the remedy. */
export function unreadable({ name, reason, count, among, of }: Unreadable): UsageError {
  return new UsageError(
    `unreadable picture: ${name}: ${reason} (${count} of ${among} ${of}); replace ${count > 1 ? 'them' : 'it'} or set preprocessing.on_bad_image=skip`,
  );
}
