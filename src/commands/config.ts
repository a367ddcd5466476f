import type { Command } from 'commander';
import { configurationKeys, findConfigurationKeys, type ConfigurationKey } from '../configuration/keys.js';
import { configurationPage } from '../configuration/page.js';
import { writeFileAtomic } from '../files.js';

/** Describes a key in a few lines. */
function describe({ key, type, default: value, description, applies }: ConfigurationKey): string {
  const where = applies === '' ? '' : `\n  applies to: ${applies}`;
  return `${key}: ${type}\n  ${description}\n  default: ${value}${where}\n`;
}

/** Registers `tripletlab config [KEY]`. */
export function registerConfig(program: Command): void {
  program
    .command('config')
    .description('the keys of configurations: kind of value, default, meaning, where they apply')
    .argument('[key]', 'one key, such as model.tau, or a section, such as model (default: all)')
    .option('--to <file>', 'write the page of all keys there, such as configurations/README.md')
    .action((key: string | undefined, { to }: { readonly to?: string }) => {
      const keys = key === undefined ? configurationKeys() : findConfigurationKeys(key);
      if (to === undefined) process.stdout.write(keys.map(describe).join('\n'));
      else writeFileAtomic(to, configurationPage());
    });
}
