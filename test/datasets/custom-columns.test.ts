import test from 'ava';
import { tripletColumns } from '../../src/datasets/custom/custom-columns.js';

const columnsOf = (header: string) => tripletColumns(header.split(','))?.columns.join('') ?? null;

test('a header names anchor, near and far in any order, among others', (t) => {
  const expected: Record<string, string> = {
    'anchor,positive,negative': '012',
    'anchor,neg,pos': '021',
    'pos,neg,anchor': '201',
    'reference,dissimilar,similar': '021',
    'query,farther,closer': '021',
    'head,loser,winner': '021',
    'ref,most similar,least similar': '012',
    'ref,least_similar,most_similar': '021',
    'a,p,n': '012',
    'n,p,a': '210',
    'A,N,P': '021',
    ' Anchor , POSITIVE_image , Negative Image ': '012',
    'negativeImage,anchorImage,positiveImage': '120',
    'img_anchor,img_neg,img_pos': '021',
    'rater,time,anchor,neg,pos': '243',
    'anchor,session 2,negative,similar': '032',
    'far,near,anchor,': '210',
    ',anchor,near,far': '123',
    'anchor,not chosen,chosen': '021',
    'anchor,odd,near': '021',
    'probe,different,same': '021',
    'anchor_idx,negative_id,positive.jpg': '021',
  };
  for (const [header, columns] of Object.entries(expected)) t.is(columnsOf(header), columns, header);
});

test('a header names the odd one and the two others', (t) => {
  const expected: Record<string, string> = {
    'odd,first,second': '120',
    'first,odd,second': '021',
    'second,first,odd': '102',
    'odd one out,item 1,item 2': '120',
    'Odd_One_Out,a,b': '120',
    'rater,x,y,oddOneOut': '123',
    'odd,similar1,similar2': '120',
    'outlier,similar,similar': '120',
  };
  for (const [header, columns] of Object.entries(expected)) {
    t.is(columnsOf(header), columns, header);
    t.false(tripletColumns(header.split(','))?.directed, header);
  }
  t.true(tripletColumns(['anchor', 'near', 'far'])?.directed);
  t.is(tripletColumns(['anchor', 'near', 'odd'])?.directed, null);
});

test('names that count columns in their order, and nothing else, say so', (t) => {
  for (const header of ['first,second,third', 'a,b,c', 'image1,image2,image3', 'item_0,item_1,item_2', 'i,j,k'])
    t.deepEqual(tripletColumns(header.split(',')), { columns: [0, 1, 2], named: false, directed: null }, header);
});

test('a header that is understood in part, in two ways or not at all is none', (t) => {
  for (const header of [
    'anchor,neg,thing',
    'anchor,positive',
    'anchor,positive,positive2,negative',
    'anchor,near,far,odd',
    'anchor,left,right,choice',
    'image1,image2,image3,choice',
    'first,second,third,odd',
    'third,second,first',
    'odd,first,thing',
    'foo,bar,baz',
    'anchor positive,negative,near far',
    'anchor,anchor,anchor',
    'Anker,nah,fern',
    'one,two,three',
    '__proto__,constructor,toString',
    '',
  ])
    t.is(columnsOf(header), null, header);
});
