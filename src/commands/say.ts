/** Tells the person at the keyboard, beside what the command prints. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);
