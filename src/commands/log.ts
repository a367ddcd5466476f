/** Writes a line to stderr for the user, apart from the command's output. */
export const logToStderr = (line: string): void => void process.stderr.write(`${line}\n`);
