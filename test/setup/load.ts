import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { packageRoot } from '../../src/assets.js';

/** A module of src/setup/, which is JavaScript so that it runs before anything is installed. */
export async function load<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(packageRoot(), 'src', 'setup', name)).href)) as T;
}
