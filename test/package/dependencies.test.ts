import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

test('what is published imports only what comes with it', (t) => {
  const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  ) as Manifest;
  const known = { ...dependencies, ...optionalDependencies, ...peerDependencies, tripletlab: '' };
  const files = readdirSync('dist', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  t.true(files.length > 300);
  const foreign = files.flatMap((file) => {
    const text = readFileSync(join('dist', file), 'utf8');
    const names = [
      ...text.matchAll(/^\s*(?:import|export)\b[^'"\n;]*?from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm),
    ];
    return names
      .map(([, first, second]) => first ?? second)
      .filter((name) => !name.startsWith('node:'))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => !Object.hasOwn(known, name))
      .map((name) => `${file}: ${name}`);
  });
  t.deepEqual(foreign, []);
});
