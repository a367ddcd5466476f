import test from 'ava';
import { teacherAgreement } from '../../src/evaluation/index.js';
import { RandomStream } from '../../src/random/stream.js';

/** Which item is the odd one out (undirected), or whether b is nearer to a than c (directed). */
function answer(rows: Float32Array, size: number, [a, b, c]: number[], directed: boolean): string {
  const distance = (i: number, j: number): number =>
    Math.hypot(...Array.from({ length: size }, (_, k) => rows[i * size + k] - rows[j * size + k]));
  if (directed) return distance(a, b) < distance(a, c) ? 'b' : 'c';
  const [ab, ac, bc] = [distance(a, b), distance(a, c), distance(b, c)];
  return ab < ac && ab < bc ? 'c is odd' : ac < bc ? 'b is odd' : 'a is odd';
}

for (const directed of [false, true])
  test(`the share of equal answers, ${directed ? 'directed' : 'undirected'}`, (t) => {
    const stream = new RandomStream(6, 'agreement');
    const [items, count, sizes] = [30, 400, [2, 3, 5]];
    const embeddings = sizes.map((size) => {
      const data = new Float32Array(items * size);
      stream.fillNormal(data, 0, 1);
      return { data, size };
    });
    const triplets = Int32Array.from({ length: 3 * count }, () => stream.integer(items));
    for (let at = 0; at < triplets.length; at += 3) {
      while (triplets[at + 1] === triplets[at]) triplets[at + 1] = stream.integer(items);
      while (triplets[at + 2] === triplets[at] || triplets[at + 2] === triplets[at + 1])
        triplets[at + 2] = stream.integer(items);
    }
    const agreement = teacherAgreement(embeddings, triplets, directed);
    t.is(agreement.length, 9);
    const answers = embeddings.map(({ data, size }) =>
      Array.from({ length: count }, (_, i) => answer(data, size, [...triplets.subarray(3 * i, 3 * i + 3)], directed)),
    );
    for (let p = 0; p < 3; p++)
      for (let q = 0; q < 3; q++)
        t.is(agreement[3 * p + q], answers[p].filter((given, i) => given === answers[q][i]).length / count);
    t.is(agreement[0], 1);
    t.true(agreement[1] < 0.9, 'independent embeddings disagree');
  });

test('wrong answers that are the same agree', (t) => {
  // 0 and 2 are nearest in both, though the triplet says 0 and 1
  const embeddings = [Float32Array.of(0, 5, 1), Float32Array.of(0, 9, 2)].map((data) => ({ data, size: 1 }));
  t.deepEqual(Array.from(teacherAgreement(embeddings, Int32Array.of(0, 1, 2), true)), [1, 1, 1, 1]);
  const other = [embeddings[0], { data: Float32Array.of(0, 1, 5), size: 1 }];
  t.deepEqual(Array.from(teacherAgreement(other, Int32Array.of(0, 1, 2), true)), [1, 0, 0, 1]);
});
