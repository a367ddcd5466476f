import { configurationKeys, type ConfigurationKey } from './keys.js';
import type { LossParameter } from '../catalogue/loss-parameters.js';
import { datasets } from '../catalogue/datasets.js';
import { lossDeclaration, losses, parametersOf, type LossType } from '../catalogue/losses.js';
import { namesOf } from '../catalogue/names.js';

/** Returns the lines of a Markdown table. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** Returns the section of a key: the part before the dot. */
const sectionOf = ({ key }: ConfigurationKey): string => (key.includes('.') ? key.split('.', 1)[0] : '');

function keyTables(): string {
  const keys = configurationKeys();
  return [...new Set(keys.map(sectionOf))]
    .map((section) => {
      const rows = keys
        .filter((key) => sectionOf(key) === section)
        .map(({ key, type, default: value, description, applies }) => [code([key]), type, value, description, applies]);
      const title = section === '' ? '## At the top' : `## The section \`${section}\``;
      return `${title}\n\n${table(['key', 'a value is', 'default', 'meaning', 'applies to'], rows)}`;
    })
    .join('\n\n');
}

const supervisions = { triplets: '`TImg`, `TInd`', classes: '`SEC`', teachers: '`SE`, `SEC`' } as const;

/** Lists the parameters that a loss always needs, then in brackets those that it can do without. */
function parameterCell(loss: LossType): string {
  const isNeeded = (key: LossParameter): boolean => lossDeclaration(loss).parameters[key]!.required === true;
  const [needed, others] = [parametersOf(loss).filter(isNeeded), parametersOf(loss).filter((key) => !isNeeded(key))];
  return [needed.length > 0 ? code(needed) : [], others.length > 0 ? `(${code(others)})` : []].flat().join(' ');
}

/** Writes the page configurations/README.md: every key of a configuration, and which values can be combined. */
export function configurationPage(): string {
  return `# Configurations

A configuration is a YAML file that says everything of a training, or of an evaluation. \`npx tripletlab config --to configurations/README.md\` writes this page from the schema; \`npx tripletlab config model.tau\` prints one key.

A file is named after its data set and what it does: \`things_p_ste.yaml\` trains a teacher (\`p\`) on THINGS by \`ste\`, \`things_d_ste.yaml\` an image network on the direct route (\`d\`), \`things_se_rkd_vit.yaml\` a student (\`se\`) by \`rkd\` with a ViT, and \`things_e.yaml\` evaluates (\`e\`). Beside them, \`plans/\` has the routes of \`tripletlab reproduce\`, and \`slurm/\` what tasks ask Slurm for.

Commands take changes as \`key=value\` with the whole name of a key, the last one winning: \`npx tripletlab train configurations/things/things_p_ste.yaml model.tau=0.1 seed=1\`. A value is YAML. A key that no configuration has is refused before any work, and so is one that the data set does not read.

${keyTables()}

## Losses

A loss needs a data set that has its supervision, and the parameters of its row. It can do without those in brackets, but needs \`margin2\` with \`from_source_triplets\`.

${table(
  ['loss_type', 'learns from', 'data sets', 'parameters'],
  namesOf(losses).map((name) => {
    const { supervision } = losses[name];
    return [code([name]), supervision, supervisions[supervision], parameterCell(name)];
  }),
)}

## Data sets

A data set takes one of its versions. Where it has several splits, \`~SEED\` after the version chooses one.

${table(
  ['dataset.name', 'has', 'versions', 'splits'],
  Object.entries(datasets).map(([name, { kind, versions, splits }]) => [
    code([name]),
    kind,
    code(versions),
    splits ? 'several' : 'one',
  ]),
)}
`;
}
