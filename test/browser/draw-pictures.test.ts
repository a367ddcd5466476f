import sharp from 'sharp';
import { drawHtml } from '../../src/notebook/export/draw-pictures.js';
import { noChromium, testUnless } from '../notebook/helpers.js';

const box = (color: string, height: number): string =>
  `<svg style="display:block" width="100" height="${height}"><rect width="100" height="${height}" fill="${color}"/></svg>`;

/** Width, height and the colours of a picture's first column in which pieces draw, each once, from the top. */
async function look(png: string): Promise<{ size: number[]; colors: string[] }> {
  const { data, info } = await sharp(Buffer.from(png, 'base64'))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const colors: string[] = [];
  for (let y = 0; y < info.height; y++) {
    const color = data.subarray((y * info.width + 20) * 3).toString('hex', 0, 3);
    if (colors.at(-1) !== color) colors.push(color);
  }
  return { size: [info.width, info.height], colors };
}

testUnless(
  noChromium,
  'HTML is drawn as it looks after its scripts, each piece alone, however many there are',
  async (t) => {
    const canvas =
      '<canvas style="display:block" width="100" height="50"></canvas><script>(function(){' +
      'const brush=document.currentScript.previousElementSibling.getContext("2d");' +
      'brush.fillStyle="#00ff00";brush.fillRect(0,0,100,50)})()</script>';
    const odd = box('#0000ff', 10.4);
    const tall = box('#ffff00', 7990); // more than one screenshot takes
    const controls = `<div class="tl-view"><div class="tl-controls">${box('#000000', 30)}</div>${box('#ff0000', 20)}</div>`;
    const pieces = [box('#ff0000', 40), canvas, odd, odd, odd, box('#00ffff', 40), tall, controls];
    const seen = await Promise.all((await drawHtml(pieces)).map(look));
    const white = 'ffffff';
    t.deepEqual(
      seen.map(({ size }) => size),
      [44, 54, 15, 15, 15, 44, 7994, 24].map((height) => [1124, height]),
    );
    t.deepEqual(seen[0].colors, [white, 'ff0000', white]);
    t.deepEqual(seen[1].colors, [white, '00ff00', white]);
    t.is(seen[4].colors[1], '0000ff');
    t.deepEqual(seen[5].colors, [white, '00ffff', white]); // nothing of its neighbours
    t.deepEqual(seen[6].colors, [white, 'ffff00', white]);
    t.deepEqual(seen[7].colors, [white, 'ff0000', white]); // controls would do nothing
    t.deepEqual(await drawHtml([]), []);
  },
);
