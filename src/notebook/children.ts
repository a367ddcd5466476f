import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();
const PATIENCE = 5000; // ms

/** Ends the programs that were started for this process: it asks them first, and kills those that do not react. */
export function endChildren(): void {
  for (const child of running) {
    child.kill();
    setTimeout(() => child.kill('SIGKILL'), PATIENCE).unref();
  }
}

/** Registers a program that must not outlive this process. */
export function endsWithUs<Child extends ChildProcess>(child: Child): Child {
  if (running.size === 0) process.once('exit', endChildren);
  running.add(child);
  child.once('close', () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', endChildren);
  });
  return child;
}
