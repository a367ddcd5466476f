import type { Command } from 'commander';
import { findings, findingsPage } from '../../experiments/index.js';
import { writeFileAtomic } from '../../files.js';

/** Registers `experiments findings`. */
export function registerFindings(program: Command): void {
  program
    .command('findings')
    .description('what the kept tables say of each claim of the method, as Markdown')
    .option('--to <file>', 'write it there')
    .action(({ to }: { readonly to?: string }) => {
      const page = findingsPage(findings());
      if (to === undefined) process.stdout.write(page);
      else writeFileAtomic(to, page);
    });
}
