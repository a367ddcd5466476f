import type { Command } from 'commander';
import { chooseEngine } from '../engine/index.js';
import { shippedVectors, verify, type FileReport, type Outcome } from '../verification/index.js';

interface Options {
  readonly golden?: string;
  readonly only?: string;
  readonly engine: string;
}

const of = (outcomes: readonly Outcome[], status: Outcome['status']): Outcome[] =>
  outcomes.filter((outcome) => outcome.status === status);

/** Formats a report: `losses.json: 21 passed, 0 failed, 36 skipped (rkd (8 x 5): loss not in this version; ...)`. */
function line({ file, outcomes }: FileReport): string {
  const left = of(outcomes, 'skipped');
  const reasons = new Map<string, string[]>();
  for (const { name, detail = '' } of left) reasons.set(detail, [...(reasons.get(detail) ?? []), name]);
  const skips = [...reasons].map(([reason, names]) => `${reason}: ${names.join(', ')}`).join('; ');
  const failures = of(outcomes, 'failed').map(({ name, detail }) => `\n  ${name}: ${detail}`);
  return (
    `${file}: ${of(outcomes, 'passed').length} passed, ${failures.length} failed` +
    `${left.length > 0 ? `, ${left.length} skipped (${skips})` : ''}${failures.join('')}`
  );
}

/** Registers `tripletlab verify [--golden DIR] [--only losses,...] [--engine NAME]`. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('compare the engine with reference vectors; exit code 1 on a failure, 2 when nothing ran')
    .option('--golden <folder>', 'folder of the vectors (default: those that come with the package)')
    .option('--only <names>', 'losses, metrics, optimizers, ...; several with commas')
    .option('--engine <name>', 'engine to check', 'auto')
    .action(async ({ golden = shippedVectors(), only, engine: wanted }: Options) => {
      const engine = await chooseEngine({ useGpu: true, engine: wanted });
      process.stderr.write(`engine ${engine.name} ${engine.version} on ${engine.device}\n`);
      const reports = await verify(
        golden,
        only?.split(',').map((name) => name.trim()),
        engine.software ? { backbones: `hours on ${engine.device}; --only backbones does it all the same` } : {},
      );
      for (const report of reports) process.stdout.write(`${line(report)}\n`);
      const outcomes = reports.flatMap((report) => report.outcomes);
      const [passed, failed] = [of(outcomes, 'passed').length, of(outcomes, 'failed').length];
      process.stdout.write(`${passed} passed, ${failed} failed\n`);
      process.exitCode = failed > 0 ? 1 : passed === 0 ? 2 : 0;
    });
}
