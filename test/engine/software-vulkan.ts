import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mayHaveGpu } from '../../src/engine/webgpu/adapter.js';

/** Where packages of Chromium put SwiftShader, a Vulkan driver that computes on the processor. */
const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

/** Makes SwiftShader this process's Vulkan driver where there is no GPU; call it before WebGPU starts. */
export function useSoftwareVulkan(): void {
  if (mayHaveGpu()) return;
  const drivers = folders.map((folder) => join(folder, 'vk_swiftshader_icd.json'));
  const driver = drivers.find((file) => existsSync(file));
  if (driver !== undefined) process.env['VK_ICD_FILENAMES'] = driver;
}
