import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { DATA_VARIABLE, findRoot, sources } from '../acquisition/locate.js';
import { describeEngines, type EngineReport } from '../engine/index.js';
import { findChromium } from '../notebook/export/chromium.js';
import { findJupyter, kernelDescription } from '../notebook/kernel/jupyter.js';
import { builtFile } from '../assets.js';
import { machine } from '../training/runs/run-record.js';

const line = (name: string, text: string): string => `${name.padEnd(17)} ${text}`;

function describe({ works, reason, version, device, threads, chosenWithGpu, chosenWithoutGpu }: EngineReport): string {
  if (!works) return `passed over: ${reason}`;
  const chosen = [chosenWithGpu ? 'use_gpu: true' : [], chosenWithoutGpu ? 'use_gpu: false' : []].flat();
  const choice = chosen.length > 0 ? `; chosen by auto with ${chosen.join(' and ')}` : '';
  return `${version} on ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}${choice}`;
}

/** Returns what a function finds, or the advice of its error. */
async function found(find: () => string | Promise<string>): Promise<string> {
  try {
    return await find();
  } catch (error) {
    return (error as Error).message;
  }
}

/** Registers `tripletlab doctor`, which tells what this machine has, and what is missing for which purpose. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('engines, versions, Jupyter, kernel and data of this machine')
    .action(async () => {
      const { processor, cores, memory_gib, system } = machine() as Record<string, string | number>;
      const kernel = kernelDescription();
      const fused = builtFile('wasm', 'teachers.wasm');
      const lines = [
        line('machine', `${cores} cores ${processor}, ${memory_gib} GiB, ${system}`),
        line('node', process.versions.node),
        '',
        ...(await describeEngines()).map((report) => line(report.name, describe(report))),
        line('fused kernels', existsSync(fused) ? 'built' : `missing: ${fused}; run npm run build`),
        '',
        line('jupyter', await found(findJupyter)),
        line('chromium', await found(findChromium)),
        line(
          'notebook kernel',
          existsSync(kernel)
            ? 'tripletlab, found by the commands of this package; tripletlab notebook install gives it to Jupyter'
            : `missing: ${kernel}`,
        ),
        '',
        line(DATA_VARIABLE, process.env[DATA_VARIABLE] ?? 'not set'),
        ...sources.map((source) => line(source, findRoot(source) ?? `not found; see data-manifests/${source}.yaml`)),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
