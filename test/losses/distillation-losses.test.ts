import test from 'ava';
import { chooseEngine } from '../../src/engine/index.js';
import { flat, forms, holdsAgainst, norm, withTeachers } from './forms.js';
import { finiteDifferences } from './finite-differences.js';
import { distillation } from './naive.js';
import { distillationCases } from './parameters.js';
import { oneHotTeachers, ordinalTeachers, randomRows, randomTeachers } from './rows.js';

test.before(async () => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
});

const described = (p: object): string => Object.values(p).join(' ');

for (const [name, parameters] of distillationCases) {
  const loss = distillation[name];
  for (const [n, d, count, size] of [
    [7, 5, 1, 4],
    [10, 3, 3, 6],
    [18, 9, 2, 3],
  ])
    test(`${name} ${described(parameters)}, ${n} x ${d}, ${count} teachers: the formula and its slopes`, (t) => {
      const rows = randomRows(n, d, n);
      const teachers = randomTeachers(n, count, size, 3 * n);
      const value = loss(rows, teachers, parameters);
      const gradient = n > 10 ? undefined : finiteDifferences(rows, (x) => loss(x, teachers, parameters));
      holdsAgainst(t, forms(name, parameters), rows, withTeachers(teachers), value, gradient);
    });

  test(`${name} ${described(parameters)}: ordinal teachers, whose rows have any length`, (t) => {
    for (const n of [8, 14]) {
      const rows = randomRows(n, 4, 51);
      const teachers = ordinalTeachers(n, 2, 4, 52);
      const lengths = teachers.flat().map((row) => Math.hypot(...row));
      t.true(Math.min(...lengths) < 0.8 && Math.max(...lengths) > 1.2);
      const gradient = n > 10 ? undefined : finiteDifferences(rows, (x) => loss(x, teachers, parameters));
      const all = forms(name, parameters);
      holdsAgainst(t, all, rows, withTeachers(teachers), loss(rows, teachers, parameters), gradient);
      // of so many pictures a student can learn
      if (n > 10)
        t.true(norm(all['tensors'].valueAndGradient(flat(rows), n, 4, withTeachers(teachers)).gradient) > 1e-4);
    }
  });

  test(`${name} ${described(parameters)}: equal rows in the teachers, then in the embeddings too`, (t) => {
    const rows = randomRows(8, 4, 31);
    const teachers = randomTeachers(8, 2, 5, 32);
    teachers[5] = teachers[2];
    teachers[6] = teachers[2];
    const value = loss(rows, teachers, parameters);
    const gradient = finiteDifferences(rows, (x) => loss(x, teachers, parameters));
    holdsAgainst(t, forms(name, parameters), rows, withTeachers(teachers), value, gradient);
    const equal = rows.with(5, rows[2]).with(3, rows[1]);
    holdsAgainst(t, forms(name, parameters), equal, withTeachers(teachers), loss(equal, teachers, parameters));
  });

  test(`${name} ${described(parameters)}: one-hot teachers`, (t) => {
    const rows = randomRows(9, 6, 41);
    const teachers = oneHotTeachers([0, 1, 2, 0, 1, 2, 3, 3, 0]);
    const gradient = finiteDifferences(rows, (x) => loss(x, teachers, parameters));
    const value = loss(rows, teachers, parameters);
    holdsAgainst(t, forms(name, parameters), rows, withTeachers(teachers), value, gradient);
  });
}
