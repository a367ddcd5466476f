import type { Command } from 'commander';

/** `tripletlab replica`: what a training with `num_processes` starts for itself. */
export function registerReplica(program: Command): void {
  program.command('replica', { hidden: true }).action(async () => {
    const { serveReplica } = await import('../training/replicas/replica.js');
    serveReplica();
  });
}
