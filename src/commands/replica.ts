import type { Command } from 'commander';

/** Registers `tripletlab replica`, which a training with `num_processes` starts itself. */
export function registerReplica(program: Command): void {
  program
    .command('replica', { hidden: true })
    .argument('<inbox>')
    .argument('<outbox>')
    .action(async (inbox: string, outbox: string) => {
      const { serveReplica } = await import('../training/data-parallel/replica.js');
      serveReplica(inbox, outbox);
    });
}
