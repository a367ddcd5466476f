import test from 'ava';
import { coverage } from './ceiling-draws.js';

for (const directed of [true, false])
  for (const temperature of [0.05, 0.1, 0.2])
    for (const [questions, answers] of [
      [300, 2],
      [700, 5],
    ])
      test(`the interval holds the true ceiling in 93 of 100 draws: ${directed ? 'directed' : 'undirected'}, noise ${temperature}, ${questions} questions, ${answers} answers each`, (t) => {
        const { covered, bias } = coverage({ directed, temperature, questions, answers }, 100);
        t.log(`covered ${covered}, bias ${bias.toFixed(4)}`);
        t.true(covered >= 93, `${covered}`);
        t.true(Math.abs(bias) < 0.005, `${bias}`);
      });
