import { spawnSync } from 'node:child_process';

/** The CUDA devices that processes can be given, one each, as `CUDA_VISIBLE_DEVICES` names them. */
export function visibleGpus(): string[] {
  const told = process.env['CUDA_VISIBLE_DEVICES'];
  if (told !== undefined) return told.split(',').filter((name) => name !== '' && name !== '-1');
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=index', '--format=csv,noheader'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.split('\n').filter((line) => /^\d+$/.test(line)) : [];
}
