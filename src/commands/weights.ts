import type { Command } from 'commander';
import { fetchWeights } from '../backbones/weights/fetch.js';
import { WEIGHTS_VARIABLE, weightsFolder } from '../backbones/weights/folder.js';
import { importWeights } from '../backbones/weights/import.js';
import { listWeights } from '../backbones/weights/list.js';
import { defaultWeights, isPretrained, knownWeights } from '../backbones/weights/registry.js';
import { models } from '../catalogue/models.js';
import { isNameOf } from '../catalogue/names.js';
import { UsageError, unknown } from '../errors.js';

interface ImportArguments {
  readonly model: string;
  readonly name?: string;
}

/** Registers `tripletlab weights list | fetch NAME | import FILE --model MODEL [--name NAME]`. */
export function registerWeights(program: Command): void {
  const weights = program
    .command('weights')
    .description(`weights that image networks start from; kept in $${WEIGHTS_VARIABLE} or ~/.cache/tripletlab/weights`);
  weights
    .command('list')
    .description('weights by name, for which model, whether they are here and where')
    .action(() => {
      for (const line of table()) print(line);
    });
  weights
    .command('fetch')
    .description('download published weights, check and convert them')
    .argument('<name>', Object.keys(knownWeights).join(', '))
    .action(async (name: string) => {
      const facts = await fetchWeights(name, { log: print, onProgress: progress() });
      print(`${facts.name} for ${facts.model} in ${weightsFolder()}; licence: ${facts.licence}`);
    });
  weights
    .command('import')
    .description('convert weights from a file: .pth, .pt, .bin, .safetensors, augreg .npz, TensorFlow.js model.json')
    .argument('<file>')
    .requiredOption('--model <model>', Object.keys(defaultWeights).join(', '))
    .option('--name <name>', "what to call them (default: the published name, or the file's)")
    .action(async (file: string, { model, name }: ImportArguments) => {
      await importAndPrint(file, model, name);
    });
}

async function importAndPrint(file: string, model: string, name: string | undefined): Promise<void> {
  if (!isNameOf(models, model)) throw unknown('model', model, Object.keys(defaultWeights));
  if (!isPretrained(model))
    throw new UsageError(
      `invalid model: ${model} starts from scratch; one of: ${Object.keys(defaultWeights).join(', ')}`,
    );
  const { chooseEngine } = await import('../engine/index.js');
  await chooseEngine({ useGpu: false, engine: 'wasm' }); // only names and shapes are compared
  const imported = await importWeights(file, model, { name });
  print(`${imported.name}: ${imported.tensors} tensors for ${model} in ${weightsFolder()}`);
  if (imported.dropped.length > 0) print(`left out: ${imported.dropped.slice(0, 10).join(', ')}`);
  print(`use them with model.weights=${imported.name}`);
}

function table(): string[] {
  const rows = [['name', 'model', 'size', 'where', 'origin', 'licence']];
  for (const { name, model, isDefault, file, bytes, origin, licence } of listWeights()) {
    const size = file === undefined ? '' : `${(bytes / 1e6).toFixed(1)} MB`;
    rows.push([name, `${model ?? '?'}${isDefault ? ' (default)' : ''}`, size, file ?? 'not here', origin, licence]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: string[]): string => row.map((cell, column) => cell.padEnd(widths[column])).join('  ');
  return rows.map((row) => line(row).trimEnd());
}

/** Shows the number of received bytes on a terminal, now and then. */
function progress(): (received: number, total: number | null) => void {
  let shown = 0;
  return (received, total) => {
    if (!process.stderr.isTTY || Date.now() - shown < 200) return;
    shown = Date.now();
    const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
    process.stderr.write(`\r\x1b[K${megabytes(received)}${total === null ? '' : ` of ${megabytes(total)}`}\r`);
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
