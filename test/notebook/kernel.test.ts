import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { jupyterEnvironment } from '../../src/notebook/kernel/jupyter.js';
import { makeFolder, noJupyter, testUnless } from './helpers.js';

const { folder, remove } = makeFolder();
test.after.always(remove);

const python = '/usr/bin/python3';
const noClient =
  noJupyter ??
  (spawnSync(python, ['-c', 'import jupyter_client']).status === 0 ? undefined : `no jupyter_client in ${python}`);

/** Talks to the kernel as a notebook's page would: a request each, the replies as JSON on stdout. */
const client = String.raw`
import json, sys, time, jupyter_client
manager = jupyter_client.KernelManager(kernel_name='tripletlab')
manager.start_kernel(cwd=sys.argv[1])
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=120)

def reply(message):
    while True:
        answer = client.get_shell_msg(timeout=60)
        if answer['parent_header'].get('msg_id') == message: return answer['content']

def outputs(message):
    while True:
        output = client.get_iopub_msg(timeout=60)
        if output['parent_header'].get('msg_id') != message: continue
        if output['content'].get('execution_state') == 'idle': break
        yield output

def run(code, interrupts=0):
    message = client.execute(code)
    said = outputs(message)
    text = ''
    if 'under way' in code:
        while 'under way' not in text: text += next(said)['content'].get('text', '')
    for _ in range(interrupts): time.sleep(1); manager.interrupt_kernel()
    answer = reply(message)
    for output in said:
        if output['msg_type'] == 'stream': text += output['content']['text']
    return [answer['status'], f"{answer['ename']}: {answer['evalue']}" if 'ename' in answer else text]

def shown(code):
    return [[output['msg_type'], sorted(output['content']['data']), output['content'].get('transient', {}).get('display_id')]
        for output in outputs(client.execute(code)) if output['msg_type'] in ('display_data', 'update_display_data')]

results = {
  'start': run("import { Interrupted, nearest } from '../../dist/errors.js';\nconst word = nearest('rdk', ['rkd']);\nword"),
  'waiting': run('await new Promise((done) => setTimeout(done, 600000))', 1),
  'busy': run('while (true) {}', 1),
  'signal': run("import { ambientSignal } from '../../dist/interruption.js';\nlet stopped = false;\n"
    "const long = async () => { const signal = ambientSignal()!; while (!signal.aborted) await new Promise((done) => setTimeout(done, 5)); stopped = true; };\n"
    "await long()", 1),
  'said': run("const orderly = async () => { const signal = ambientSignal()!; while (!signal.aborted) await new Promise((done) => setTimeout(done, 5)); await new Promise((done) => setTimeout(done, 500)); throw new Interrupted('interrupted in epoch 3'); };\n"
    "console.log('under way');\nawait orderly()", 1),
  'deaf': run("ambientSignal()!;\nawait new Promise((done) => setTimeout(done, 600000))", 2),
  'late': run("ambientSignal()!;\nawait new Promise((done) => setTimeout(done, 5));\nconst end = Date.now() + 3000;\nwhile (Date.now() < end);", 1),
  'after': run('word!.length + 1'),
  'complete': reply(client.complete('near', 4))['matches'],
  'members': reply(client.complete('word!.toUpp', 11))['matches'],
  'inspect': reply(client.inspect('nearest', 3))['data'].get('text/plain', ''),
  'shown': shown("import * as figures from '../../dist/figures/index.js';\nfigures.showHtml('<b>bold</b>');\nconst curve = (y: number[]) => ({ data: [{ y }], layout: { title: { text: 'Curve' } }, alt: 'a curve' });\n"
    "const live = figures.liveFigure(curve([1]));\nlive.update(curve([1, 2]))"),
  'incomplete': reply(client.is_complete('if (word) {'))['status'],
}
sent = [client.execute(code) for code in ["throw new Error('first')", "'second'", "'third'"]]
results['given up'] = [reply(message)['status'] for message in sent]
results['again'] = run("'again'")
client.execute('setInterval(() => 0, 1000)')
started = time.time()
manager.shutdown_kernel()
results['shut down in time'] = time.time() - started < 4
print(json.dumps(results))
`;

testUnless(
  noClient,
  'the kernel survives interrupts, completes names, gives up cells after a failure, and ends',
  async (t) => {
    const { stdout } = await promisify(execFile)(python, ['-c', client, folder], {
      env: jupyterEnvironment(),
      cwd: join(folder),
      timeout: 240_000,
    });
    const results = JSON.parse(stdout) as Record<string, unknown>;
    t.deepEqual(results['start'], ['ok', 'rkd\n']);
    for (const cell of ['waiting', 'busy', 'signal', 'deaf', 'late'])
      t.deepEqual(results[cell], ['error', 'Interrupted: the cell was interrupted'], cell);
    t.deepEqual(results['said'], ['error', 'Interrupted: interrupted in epoch 3']);
    t.deepEqual(results['after'], ['ok', '4\n']);
    t.is((results['complete'] as string[])[0], 'nearest');
    t.deepEqual(results['members'], ['toUpperCase']);
    t.regex(results['inspect'] as string, /function nearest\(name: string/);
    const [html, figure, update] = results['shown'] as [string, string[], string | undefined][];
    t.deepEqual(html.slice(0, 2), ['display_data', ['text/html', 'text/plain']]);
    t.deepEqual(figure.slice(0, 2), ['display_data', ['application/vnd.plotly.v1+json', 'text/html', 'text/plain']]);
    t.deepEqual(update, ['update_display_data', figure[1], figure[2]]);
    t.is(typeof figure[2], 'string');
    t.is(results['incomplete'], 'incomplete');
    t.deepEqual(results['given up'], ['error', 'aborted', 'aborted']);
    t.deepEqual(results['again'], ['ok', 'again\n']);
    t.true(results['shut down in time']);
  },
);
