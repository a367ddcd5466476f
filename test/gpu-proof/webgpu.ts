import { engineStates, works } from './engines.js';
import type { Context, Found, Part } from './part.js';
import { verified } from './vectors.js';

async function run({ dry, seconds }: Context): Promise<Found> {
  if (dry) return { skipped: 'a dry run' };
  const { own } = await engineStates('webgpu', seconds / 2);
  return works(own) ? { ...(await verified('webgpu', seconds / 2)), notes: [own.state] } : { skipped: own.state };
}

export const webgpuPart: Part = {
  name: 'webgpu',
  title: 'WebGPU on the same card, where Vulkan is there',
  seconds: 60,
  run,
};
