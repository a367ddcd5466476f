import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { loadConfigurationArguments } from '../configuration/index.js';
import {
  isTripletDataset,
  makeDataset,
  subsets,
  tripletCeiling,
  type Estimate,
  type TripletDataset,
} from '../datasets/index.js';
import type { Cell } from '../experiments/collect/columns.js';
import { csv } from '../experiments/collect/formats.js';

/**
 * Registers `tripletlab data ceiling CONFIG [key=value ...]`: how well answers can be predicted, by repeated questions.
 */
export function registerCeiling(data: Command): void {
  data
    .command('ceiling')
    .description('CSV of the best FCT that can be expected, estimated from questions with two answers or more')
    .argument('<arguments...>', 'configuration file, and key=value overrides')
    .option('--persons', "how well the others' majority predicts each person, instead")
    .action((args: string[], options: { persons?: boolean }) => {
      const dataset = makeDataset(loadConfigurationArguments(args).dataset);
      if (!isTripletDataset(dataset))
        throw new UsageError(`no ceiling of ${dataset.name}: it has classes; name a configuration with triplets`);
      process.stdout.write(csv(options.persons ? personRows(dataset) : ceilingRows(dataset)));
    });
}

function ceilingRows({ triplets, unsplit, directed }: TripletDataset): Record<string, Cell>[] {
  const parts = [
    ...subsets.map((subset) => ({ part: subset as string, triplets: triplets[subset], persons: undefined })),
    ...(unsplit ? [{ part: 'all', triplets: unsplit.triplets, persons: unsplit.persons }] : []),
  ];
  return parts.map(({ part, triplets: rows, persons }) => {
    const { questions, answers, others, ceiling } = tripletCeiling(rows, directed, { persons: persons?.numbers });
    const cells = { ...estimateCells('others', others), ...estimateCells('ceiling', ceiling) };
    return { part, triplets: rows.length / 3, questions, answers, ...cells };
  });
}

function estimateCells(name: string, estimate: Estimate | null): Record<string, Cell> {
  return {
    [name]: estimate?.value ?? 'not estimable',
    [`${name}_low`]: estimate?.low ?? null,
    [`${name}_high`]: estimate?.high ?? null,
  };
}

function personRows({ name, unsplit, directed }: TripletDataset): Record<string, Cell>[] {
  const persons = unsplit?.persons;
  if (unsplit === undefined || persons === undefined)
    throw new UsageError(
      `unknown persons of ${name}: its triplets do not say who answered; name a set of your own with a column person, or leave --persons out`,
    );
  const { persons: found } = tripletCeiling(unsplit.triplets, directed, { persons: persons.numbers });
  return found.map(({ person, answers, others }) => ({ person: persons.names[Number(person)], answers, others }));
}
