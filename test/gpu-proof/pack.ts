import { nodeFileTrace } from '@vercel/nft';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { packageRoot } from '../../src/assets.js';
import { UsageError } from '../../src/errors.js';
import { measured, PACKED } from '../benchmarks/machine.js';
import { load } from '../setup/load.js';

// A folder that a machine with a GPU, PyTorch and a compiler can run without Node.js, npm and network: this Node.js, its
// headers, what is built here, and of node_modules the files that are loaded.

const RUN = `#!/bin/sh
# Unpacks beside itself what was packed, and runs the proof with these arguments.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
place=\${TRIPLETLAB_UNPACKED:-$(mktemp -d)}
python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1], "r:xz").extractall(sys.argv[2])' "$here/tripletlab.tar.xz" "$place"
cd "$place"
exec node/bin/node build/test/gpu-proof/index.js "$@"
`;

/** Files, and folders that go along whole. */
const folders = [
  'dist',
  'build/test',
  'configurations',
  'data-manifests',
  'src/engine/torch/native',
  'src/setup',
  'test/golden',
  'node_modules/node-gyp',
  'node_modules/node-addon-api',
  'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js',
  `node_modules/webgpu/dist/${process.platform}-${process.arch}`,
];

/** Packages that only notebooks and figures load. */
const unused = /^node_modules\/(plotly\.js-dist-min|danfojs-node|mathjs|tslab|@tensorflow\/tfjs-node)\//;

const require = createRequire(import.meta.url);
/** Packages of engines, which are loaded by a name that a trace does not see. */
const byName = ['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu', 'webgpu'];

const below = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));

/** Scripts from which the files of node_modules are found that they load. */
function entries(root: string): string[] {
  const scripts = (folder: string) => below(join(root, folder)).filter((path) => /\.m?js$/.test(path));
  const tests = ['backbones', 'benchmarks', 'engine', 'gpu-proof', 'losses', 'optimizers', 'training'];
  return [
    ...scripts('dist'),
    ...scripts('node_modules/ava/lib'),
    ...scripts('node_modules/ava/entrypoints'),
    ...scripts('node_modules/node-gyp'),
    ...tests.flatMap((name) => scripts(`build/test/${name}`)),
    ...byName.map((name) => require.resolve(name)).filter((path) => path.startsWith(root)),
  ];
}

/** The folder of Node's headers. */
async function headersOfNode(): Promise<string> {
  const { nodeHeaders } = await load<{ nodeHeaders: () => string | undefined }>('build-torch.mjs');
  const prefix = nodeHeaders();
  if (prefix === undefined)
    throw new UsageError(`missing headers of Node.js: include/node/node_api.h; install Node.js with them`);
  return join(prefix, 'include', 'node');
}

/**
 * Writes `run.sh` and `tripletlab.tar.xz` into a folder.
 *
 * @returns the archive's name and size
 */
export async function pack(folder: string): Promise<string> {
  const root = packageRoot();
  const headers = await headersOfNode();
  const place = mkdtempSync(join(tmpdir(), 'tripletlab-pack-'));
  try {
    const { fileList } = await nodeFileTrace(entries(root), { base: root });
    const isWanted = (path: string): boolean => path.startsWith('node_modules/') && !unused.test(path);
    const traced = [...fileList].filter((path) => isWanted(path) && statSync(join(root, path)).isFile());
    const scripts = readdirSync(join(root, 'test/benchmarks')).filter((name) => name.endsWith('.py'));
    for (const path of ['package.json', ...folders, ...scripts.map((name) => `test/benchmarks/${name}`), ...traced])
      if (existsSync(join(root, path)))
        cpSync(join(root, path), join(place, path), {
          recursive: true,
          dereference: true,
          // what is built there is built there
          filter: (from) => !/native\/build(\/|$)/.test(relative(root, from)),
        });
    cpSync(process.execPath, join(place, 'node/bin/node'), { dereference: true });
    cpSync(headers, join(place, 'node/include/node'), {
      recursive: true,
      filter: (from) => !/^(openssl|unicode)(\/|$)/.test(relative(headers, from)),
    });
    writeFileSync(join(place, PACKED), `${JSON.stringify(measured())}\n`);
    mkdirSync(folder, { recursive: true });
    const archive = join(folder, 'tripletlab.tar.xz');
    execFileSync('tar', ['-cJf', archive, '-C', place, '.'], { env: { XZ_OPT: '-6 -T0', ...process.env } });
    writeFileSync(join(folder, 'run.sh'), RUN, { mode: 0o755 });
    return `${archive}, ${(statSync(archive).size / 2 ** 20).toFixed(0)} MiB`;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
