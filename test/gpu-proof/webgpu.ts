import { program, reasonOf, type Context, type Found, type Part } from './part.js';

async function run({ dry, seconds }: Context): Promise<Found> {
  const doctor = await program(['dist/cli.js', 'doctor'], seconds / 2);
  const state = /^webgpu +(.*)$/m.exec(doctor.output)?.[1] ?? 'not listed by tripletlab doctor';
  if (dry || state.startsWith('passed over')) return { skipped: dry ? 'a dry run' : state };
  const ended = await program(['dist/cli.js', 'verify', '--engine', 'webgpu'], seconds / 2);
  const [, passed = '0', failed = '0'] = /^(\d+) passed, (\d+) failed$/m.exec(ended.output) ?? [];
  return {
    rows: [{ webgpu: state, passed: Number(passed), failed: Number(failed) }],
    failures: ended.status === 0 ? [] : [reasonOf(ended, seconds / 2)],
    log: ended.output,
  };
}

export const webgpuPart: Part = { name: 'webgpu', title: 'WebGPU on the same card, where Vulkan is there', seconds: 60, run }; // prettier-ignore
