#!/usr/bin/env node
/** The command `tripletlab`: src/cli.ts, for which the package's folder is known only here. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root, say } from './shared.mjs';
import { importSource } from './sources.mjs';

if (existsSync(join(root, 'package-lock.json')) && !existsSync(join(root, 'node_modules'))) {
  say('the packages are not installed; run npm ci, or npm run demo, which does it');
  process.exitCode = 1;
} else await importSource('cli.ts');
