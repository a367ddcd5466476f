import { engines } from './providers.js';
import type { EngineProvider, StartedEngine } from './types.js';
import { installedPackages, type Packages } from './packages.js';
import { keepingEngine, startEngine } from './start.js';

/** Describes one engine as `tripletlab doctor` shows it. */
export interface EngineReport extends Partial<StartedEngine> {
  readonly name: string;
  readonly gpu: boolean;
  readonly works: boolean;
  /** Why it does not work, or why `engine: auto` passes it over; undefined where it works. */
  readonly reason?: string;
  /** Whether `engine: auto` chooses it with `use_gpu: true`; the next field is for `use_gpu: false`. */
  readonly chosenWithGpu: boolean;
  readonly chosenWithoutGpu: boolean;
}

async function describe(packages: Packages): Promise<EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const [name, provider] of Object.entries<EngineProvider>(engines)) {
    const { gpu, automatic } = provider;
    try {
      const skipReason = await provider.skipReason?.(packages);
      if (skipReason !== undefined) throw new Error(skipReason);
      const started = await startEngine(provider, packages);
      const chosenWithGpu = automatic && !reports.some((report) => report.chosenWithGpu);
      const chosenWithoutGpu = automatic && !gpu && !reports.some((report) => report.chosenWithoutGpu);
      reports.push({ name, gpu, works: true, ...started, chosenWithGpu, chosenWithoutGpu });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reports.push({ name, gpu, works: false, reason, chosenWithGpu: false, chosenWithoutGpu: false });
    }
  }
  return reports;
}

/**
 * Starts every engine once, in the order of `engine: auto`, to see whether it works. Afterwards the engine that was
 * active before is active again.
 */
export async function describeEngines(packages: Packages = installedPackages()): Promise<EngineReport[]> {
  return keepingEngine(
    () => describe(packages),
    async (reports) => {
      const chosen = Object.entries<EngineProvider>(engines).find(([name]) =>
        reports.some((r) => r.name === name && r.chosenWithGpu),
      );
      if (chosen !== undefined) await startEngine(chosen[1], packages);
    },
  );
}
