import { spawnSync } from 'node:child_process';
import { writeFileAtomic } from '../../src/files.js';
import { machine } from './machine.js';
import { benchmarkTeachers } from './teachers.js';

// npm run benchmark: all benchmarks, as tables and in build/benchmarks.json. Never part of the tests.
console.log(machine());
const teachers = process.env['TRIPLETLAB_DATA'] ? await benchmarkTeachers() : [];
if (teachers.length > 0) console.table(teachers);
else console.log('teachers: skipped; set TRIPLETLAB_DATA to the folder of things/ and yummly/');
spawnSync('npx', ['tsx', 'test/benchmarks/kernels.ts'], { stdio: 'inherit' });
writeFileAtomic('build/benchmarks.json', JSON.stringify({ machine: machine(), teachers }, null, 1));
