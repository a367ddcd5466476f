import { lockHolder, type RunRecord } from '../../training/index.js';

/** Returns the state of a run; one that says it is running while no process holds it was killed. */
export function stateOf(folder: string, { status, name }: RunRecord): string {
  return status === 'running' && lockHolder(folder, name) === undefined ? 'killed' : status;
}

/** Formats a time of a record as `2026-01-31 18:05`, in this machine's zone. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
