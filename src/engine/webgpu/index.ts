import type { EngineProvider } from '../types.js';
import { threadCount } from '../machine.js';
import type { Packages } from '../packages.js';
import { adapterName, isSoftware, mayHaveGpu } from './adapter.js';
import type { StockClass, WebgpuBackend } from './backend.js';
import { loadDawn, requestAdapter } from './dawn.js';

const PACKAGE = '@tensorflow/tfjs-backend-webgpu';
const BACKEND = 'webgpu';

/** Limits to ask for when the device is made; otherwise tensors have at most 128 MiB. */
const limits = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupStorageSize',
  'maxStorageBufferBindingSize',
];

let active: { packages: Packages; backend: WebgpuBackend; name: string; software: boolean } | undefined;

function installedVersion(packages: Packages): string {
  const version = packages.version(PACKAGE);
  if (version === undefined) throw new Error(`${PACKAGE} is not installed`);
  return version;
}

/** Makes the backend on a new device of the best adapter. */
async function makeBackend(packages: Packages): Promise<Omit<NonNullable<typeof active>, 'packages'>> {
  const [tf, { webgpuBackend }, { correctKernels }] = await Promise.all([
    import('../../tf.js'),
    import('./backend.js'),
    import('./kernels.js'),
  ]);
  const dawn = loadDawn(packages);
  const adapter = await requestAdapter(dawn);
  const requiredLimits = Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]]));
  const device = await dawn.events.during(() => adapter.requestDevice({ requiredLimits }));
  const { WebGPUBackend } = packages.load(PACKAGE) as { WebGPUBackend: StockClass };
  const name = adapterName(adapter.info);
  const backend = webgpuBackend(WebGPUBackend, device, adapter.info, name, dawn.events);
  if (tf.findBackendFactory(BACKEND) !== null) tf.removeBackend(BACKEND);
  tf.registerBackend(BACKEND, () => backend);
  correctKernels();
  return { backend, name, software: isSoftware(adapter.info) };
}

/** Provides TensorFlow.js on any GPU with a driver for Vulkan, Metal or D3D12, through Dawn. */
export const webgpu: EngineProvider = {
  gpu: true,
  automatic: true,
  async skipReason(packages) {
    installedVersion(packages);
    if (!mayHaveGpu()) return 'no GPU: neither /dev/dri/renderD* nor /dev/nvidia* nor /dev/dxg is there';
    const { info } = await requestAdapter(loadDawn(packages));
    if (!isSoftware(info)) return undefined;
    return `${adapterName(info)} computes on the processor; set engine=${BACKEND} to use it all the same`;
  },
  async start(packages) {
    const version = installedVersion(packages);
    if (active?.packages !== packages || !active.backend.recover())
      active = { packages, ...(await makeBackend(packages)) };
    const tf = await import('../../tf.js');
    await tf.setBackend(BACKEND);
    const { name: device, software } = active;
    return { backend: BACKEND, version, device, threads: threadCount(), ...(software && { software }) };
  },
};
