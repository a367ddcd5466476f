/** Tells the person at the keyboard, beside what the command prints. */
export const logToStderr = (line: string): void => void process.stderr.write(`${line}\n`);
