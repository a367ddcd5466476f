import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { tripletlab } from '../../command-line.js';
import { counting, temporary, writeSafetensors } from './folders.js';

test('list tells what is here and where; import refuses in one line what is hostile, foreign or misnamed', (t) => {
  const folder = temporary(t);
  const env = { TRIPLETLAB_WEIGHTS: folder };
  const say = (...args: string[]) => tripletlab(['weights', ...args], { env });
  const list = say('list');
  t.is(list.status, 0);
  t.regex(list.stdout, /^resnet50-torchvision +ResNet50 \(default\) +not here/m);
  t.is(list.stdout.trim().split('\n').length, 7);
  for (const name of ['evil_zip.pth', 'evil_legacy.pth']) {
    const evil = say('import', join('test/golden/formats', name), '--model', 'ResNet50');
    t.is(evil.status, 1);
    t.regex(evil.stderr, /^tripletlab: cannot read .*: it names posix\.system, .*\n$/);
    t.false(existsSync('evil-was-run'));
  }
  const tiny = writeSafetensors(join(temporary(t), 'tiny.safetensors'), { 'conv1.weight': counting([1]) });
  t.regex(
    say('import', tiny, '--model', 'Inception').stderr,
    /^tripletlab: weights that do not fit: .*missing.*surplus/,
  );
  t.regex(say('import', tiny, '--model', 'ResNet51').stderr, /unknown model: ResNet51; did you mean ResNet50\?/);
  t.regex(say('import', tiny, '--model', 'SmallViT').stderr, /invalid model: SmallViT starts from scratch/);
  t.regex(say('fetch', 'resnet').stderr, /^tripletlab: unknown weights: resnet; /);
  t.is(say('list').stdout, list.stdout);
});
