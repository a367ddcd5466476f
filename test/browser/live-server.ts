import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { launcher } from '../../src/assets.js';

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const served = (port: number): readonly [string, ...string[]] => [
  process.execPath,
  ...[launcher(), 'notebook', 'serve', '--no-browser', `--port=${port}`],
];

/** A Jupyter server as `tripletlab notebook serve` or another command starts it, with nobody's settings. */
export class LiveServer {
  /** What it has said so far. */
  said = '';

  private constructor(private readonly child: ChildProcess) {}

  /**
   * @param folder for Jupyter's settings, empty or not there yet
   * @param command what starts it on a port
   * @param cwd where
   */
  static async start(
    folder: string,
    command: (port: number) => readonly [string, ...string[]] = served,
    cwd = process.cwd(),
  ): Promise<{ server: LiveServer; address: URL }> {
    const port = await freePort();
    const env = {
      ...process.env,
      JUPYTER_CONFIG_DIR: join(folder, 'configuration'),
      JUPYTER_DATA_DIR: join(folder, 'data'),
      JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
      TRIPLETLAB_DATA: '',
    };
    const [program, ...args] = command(port);
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const server = new LiveServer(child);
    const address = await new Promise<URL>((found, failed) => {
      createInterface(child.stderr).on('line', (line) => {
        server.said += `${line}\n`;
        const [url] = /http:\/\/(localhost|127\.0\.0\.1):\d+\/\S*\?token=\w+/.exec(line) ?? [];
        if (url !== undefined) found(new URL(url));
      });
      child.once('error', failed);
      child.once('close', () => {
        failed(new Error(`no server: ${server.said}`));
      });
    });
    return { server, address };
  }

  /** Ends it as a terminal that is closed does, and returns how: its exit code, or the signal. */
  async stop(): Promise<number | string> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const closed = once(this.child, 'close') as Promise<[number | null, string | null]>;
    this.child.kill('SIGTERM');
    const [code, signal] = await closed;
    return code ?? signal!;
  }
}
