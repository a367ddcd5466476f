import test from 'ava';
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runName } from '../../src/configuration/model-uri.js';
import type { TrainingConfiguration } from '../../src/configuration/types.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { UsageError } from '../../src/errors.js';
import { evaluate } from '../../src/evaluation/index.js';
import { importRuns, collectTable, loadTable, profiles, runTable, tables } from '../../src/experiments/index.js';
import type { ResolvedTable } from '../../src/experiments/jobs/resolve-table.js';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors.js';
import { readRunRecord } from '../../src/training/index.js';
import { temporaryFolder, tripletlab } from '../command-line.js';
import { pythonHas } from '../random/python.js';

const folders: string[] = [];
const temporary = (): string => {
  folders.push(temporaryFolder());
  return folders[folders.length - 1];
};
test.after.always(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const load = (table: string, folder = temporary()): ResolvedTable => loadTable(table, { profile: 'smoke', folder });

const runsOf = ({ jobs }: ResolvedTable): TrainingConfiguration[] =>
  jobs.flatMap((job) => (job.kind === 'training' ? job.runs : []));

const place = ({ folder }: ResolvedTable, { run }: TrainingConfiguration): string =>
  join(folder, run.output_directory_name, runName(run.id));

/** Networks of class sets, trained here. */
const here = load('table-class-datasets');
test.before(async () => {
  await runTable(here);
});

const python = (program: string, ...args: string[]): string =>
  execFileSync('/usr/bin/python3', ['-c', program, ...args], { encoding: 'utf8' }).trim();

/** Reads a safetensors file by hand; saves it as PyTorch does. */
const toTorch = `
import json, struct, sys, torch
bytes = open(sys.argv[1], 'rb').read()
size = struct.unpack('<Q', bytes[:8])[0]
types = {'F32': torch.float32, 'I64': torch.int64}
tensors = {}
for name, entry in json.loads(bytes[8:8 + size]).items():
    if name == '__metadata__': continue
    start, end = entry['data_offsets']
    part = bytearray(bytes[8 + size + start:8 + size + end])
    tensors[name] = torch.frombuffer(part, dtype=types[entry['dtype']]).reshape(entry['shape'])
torch.save(tensors, sys.argv[2])
`;

/** Trains a teacher in PyTorch by the odd one out, saves it, and prints its FCT on validation triplets. */
const trainTeacher = `
import json, sys, numpy, torch
given = json.load(open(sys.argv[1]))
torch.manual_seed(0)
class Psycho(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding_layer = torch.nn.Embedding(given['items'], given['size'])
    def forward(self, index):
        return torch.nn.functional.normalize(torch.relu(self.embedding_layer(index)))
model = Psycho()
triplets = torch.tensor(given['training']).reshape(-1, 3)
optimizer = torch.optim.Adam(model.parameters(), lr=.05)
for step in range(30):
    a, b, c = (model(triplets[:, k]) for k in range(3))
    near, far = (a * b).sum(1), torch.stack([(a * c).sum(1), (b * c).sum(1)]).logsumexp(0)
    optimizer.zero_grad()
    torch.nn.functional.softplus(far - near).mean().backward()
    optimizer.step()
torch.save(model.state_dict(), sys.argv[2])
points = model(torch.arange(given['items'])).detach().numpy().astype(numpy.float64)
numpy.savez(sys.argv[3], embeddings=points[:, None, :].astype(numpy.float32))
a, b, c = (points[numpy.array(given['validation']).reshape(-1, 3)[:, k]] for k in range(3))
distance = lambda x, y: ((x - y) ** 2).sum(1)
print(((distance(a, b) < distance(a, c)) & (distance(a, b) < distance(b, c))).mean())
`;

const tested = pythonHas('torch', 'numpy') ? test : test.skip;

tested('a teacher trained by PyTorch takes its place in a table (skipped without python3-torch)', async (t) => {
  const table = load('table-teachers');
  const run = runsOf(table).find(({ dataset }) => !dataset.directed)!;
  const dataset = makeTripletDataset(run.dataset);
  const elsewhere = temporary();
  const name = runName(run.run.id);
  mkdirSync(join(elsewhere, name));
  const given = join(elsewhere, 'given.json');
  const { training, validation } = dataset.triplets;
  writeFileSync(given, JSON.stringify({ items: dataset.items.length, size: run.model.embedding_size, training: [...training], validation: [...validation] })); // prettier-ignore
  const npz = join(elsewhere, 'points.npz');
  const fct = Number(python(trainTeacher, given, join(elsewhere, name, 'checkpoint-best.pth'), npz));
  t.true(fct > 0.5, 'it has learned'); // chance: 1/3

  const adopted = tripletlab([
    'experiments',
    'adopt',
    'teachers',
    elsewhere,
    '--profile=smoke',
    `--out=${table.folder}`,
  ]);
  t.is(adopted.status, 0, adopted.stderr);
  t.is(adopted.stdout, `${name}: adopted, FCT ${fct.toFixed(4)}\n`);
  const { rows } = collectTable(table);
  const [mine] = rows.filter(({ n }) => n > 0);
  t.deepEqual([mine.n, mine.runs[0].run, mine.runs[0].engine], [1, name, 'PyTorch']);
  t.true(Math.abs(mine.mean! - fct) < 1e-9);
  const asEmbeddings = await evaluate({ ...run, subset_name: 'validation', embeddings: npz });
  t.true(Math.abs(asEmbeddings.value - fct) < 1e-9, 'embeddings saved by numpy come to the same');
  const again = await importRuns(table, elsewhere);
  t.deepEqual(again.map(({ outcome }) => outcome), ['there']); // prettier-ignore
});

test('networks and curves go to PyTorch and back with the same numbers', async (t) => {
  const there = load('table-class-datasets');
  const [elsewhere, withTorch] = [temporary(), pythonHas('torch')];
  runsOf(here).forEach((run, i) => {
    const name = runName(run.run.id);
    for (const part of ['training', 'validation'])
      cpSync(join(place(here, run), part), join(elsewhere, name, part), { recursive: true });
    const best = join(place(here, run), 'checkpoint-best.safetensors');
    if (withTorch && i > 0) python(toTorch, best, join(elsewhere, name, 'checkpoint-best.pth'));
    else copyFileSync(best, join(elsewhere, name, 'checkpoint-best.safetensors'));
  });
  const adopted = await importRuns(there, elsewhere, { trainedBy: 'PyTorch 1.13' });
  t.is(adopted.length, 6);
  for (const run of runsOf(there)) {
    const [theirs, ours] = [there, here].map((table) => readRunRecord(place(table, run)));
    t.truthy(ours.inputs!.labels);
    t.is(ours.inputs!.labels, theirs.inputs!.labels);
    const curve = ({ epochs }: typeof ours) =>
      epochs.map(({ epoch, training_loss, validation_loss, metric }) =>
        [epoch, training_loss, validation_loss, metric].map(Math.fround),
      );
    t.deepEqual(curve(theirs), curve(ours));
    t.deepEqual(theirs.best && { ...theirs.best, value: Math.fround(theirs.best.value) }, { ...ours.best!, value: Math.fround(ours.best!.value) }); // prettier-ignore
    t.regex(
      theirs.notes.join('\n'),
      /trained by PyTorch 1\.13: .*checkpoint-best\..*, sha256 [0-9a-f]{12}; its settings/,
    );
  }
  const begun: string[] = [];
  const { done, all } = await runTable(there, { onJob: ({ stage }) => begun.push(stage) });
  t.deepEqual([done, all], [12, 12]);
  t.deepEqual([...new Set(begun)], ['evaluation'], 'nothing is trained again');
  const values = (table: ResolvedTable) => collectTable(table).rows.map(({ data, name, mean }) => [data, name, mean]);
  t.deepEqual(values(there), values(here));
  t.deepEqual(collectTable(there).engines, ['PyTorch 1.13']);
  t.deepEqual(collectTable(there).machines, ['a machine not recorded']);
});

test('what does not fit is refused in one line, and nothing is written', async (t) => {
  const table = load('table-class-datasets');
  const [first, second] = runsOf(table).map(({ run }) => runName(run.id));
  const elsewhere = temporary();
  const refused = (what: RegExp, runs?: string[], folder = elsewhere) =>
    t.throwsAsync(importRuns(table, folder, runs && { runs }), { instanceOf: UsageError, message: what });
  await refused(/^missing folder: .*none; give one that holds run-NNNN folders$/, undefined, join(elsewhere, 'none'));
  await refused(/^no run of table-class-datasets in .*; its runs are named run-0006, run-0007, run-0026, \.\.\.$/);
  await refused(/^unknown run of table-class-datasets: run-0008; did you mean run-000[67]\?$/, ['run-0008']);
  mkdirSync(join(elsewhere, first));
  await refused(/^missing file: .*run-0006\/checkpoint-best\.pth; give a folder of finished runs$/);
  writeFileSync(join(elsewhere, first, 'checkpoint-best.pth'), 'PK no archive');
  await refused(/^(cannot read|invalid) .*checkpoint-best\.pth/);
  rmSync(join(elsewhere, first, 'checkpoint-best.pth'));
  const best = 'checkpoint-best.safetensors';
  const [own] = runsOf(here);
  const { tensors } = decodeSafetensors(readFileSync(join(place(here, own), best)), best);
  const [name] = tensors.keys();
  const put = (run: string, ...parts: Uint8Array[]) => {
    mkdirSync(join(elsewhere, run), { recursive: true });
    writeFileSync(join(elsewhere, run, best), Buffer.concat(parts));
  };
  put(first, ...encodeSafetensors([...tensors].slice(1)));
  await refused(new RegExp(`^weights that do not fit: .*run-0006/${best}: of \\d+ tensors 1 missing \\(${name}\\)`));
  put(first, ...encodeSafetensors(tensors));
  put(second, Buffer.concat(encodeSafetensors(tensors)).subarray(0, -4));
  await refused(/^invalid .*run-0007\/checkpoint-best\.safetensors/);
  t.false(existsSync(join(table.folder, 'runs')), 'the sound one was not taken either');
  put(second, ...encodeSafetensors(tensors));
  const begun = join(place(table, runsOf(table)[0]), 'run.json');
  mkdirSync(dirname(begun), { recursive: true });
  writeFileSync(begun, JSON.stringify({ ...readRunRecord(place(here, own)), status: 'interrupted' }));
  await refused(/^run-0006 is begun here \(interrupted\); remove .*run-0006 or leave it out$/);
});

test('a name is one run of its table in every profile', (t) => {
  for (const { name: table } of tables)
    for (const profile of Object.keys(profiles)) {
      const names = runsOf(loadTable(table, { profile })).map(({ run }) => run.id);
      t.is(new Set(names).size, names.length, `${table}, ${profile}`);
    }
});
