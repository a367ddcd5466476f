import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The packages of Debian and related systems that notebooks need. */
export const debianPackages = {
  jupyter: ['jupyter-core', 'jupyter-client', 'jupyter-nbconvert', 'jupyter-notebook'],
  chromium: ['chromium'],
} as const;

/** Is there a program at this path? */
export function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Finds every program of these names on the search path, then in the system's own folder. */
export function* programs(names: readonly string[]): Generator<string> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute), '/usr/bin'];
  for (const folder of new Set(folders))
    for (const name of names) if (executable(join(folder, name))) yield join(folder, name);
}

/** Says how to install missing packages. */
export const installAdvice = (packages: readonly string[]): string =>
  `install it (Debian, Ubuntu: apt-get install -y --no-install-recommends ${packages.join(' ')})`;
