import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { startBackbone } from '../../../src/backbones/start.js';
import { importWeights } from '../../../src/backbones/weights/import.js';
import type { WeightsSource } from '../../../src/backbones/weights/resolve.js';
import { chooseEngine } from '../../../src/engine/index.js';
import { encodeSafetensors } from '../../../src/formats/safetensors.js';
import { RandomStream } from '../../../src/random/stream.js';
import { pythonHas } from '../../random/python.js';
import { counting, refusal, temporary, writeSafetensors } from './folders.js';

/** torchvision's ResNet-50 with random parameters and statistics, in the older form of torch.save. */
const save = `
import sys, torch, torchvision
torch.manual_seed(1)
network = torchvision.models.resnet50()
for name, buffer in network.named_buffers():
    if buffer.dtype == torch.float32: buffer.uniform_(0.5, 2)
    else: buffer.fill_(9)
torch.save(network.state_dict(), sys.argv[1], _use_new_zipfile_serialization=False)
`;

/** Reads a safetensors file by hand into torchvision's ResNet-50, strictly, and compares with what was saved. */
const compare = `
import json, struct, sys, torch, torchvision
bytes = open(sys.argv[2], 'rb').read()
size = struct.unpack('<Q', bytes[:8])[0]
header = json.loads(bytes[8:8 + size])
types = {'F32': torch.float32, 'I64': torch.int64}
tensors = {}
for name, entry in header.items():
    if name == '__metadata__': continue
    start, end = entry['data_offsets']
    part = bytearray(bytes[8 + size + start:8 + size + end])
    tensors[name] = torch.frombuffer(part, dtype=types[entry['dtype']]).reshape(entry['shape'])
class ResNet50(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.model = torchvision.models.resnet50()
        del self.model.fc
        self.layer_blocks = torch.nn.ModuleList([self.model.layer1, self.model.layer2, self.model.layer3, self.model.layer4])
        self.model.last_linear = torch.nn.Linear(2048, 16)
network = ResNet50()
network.load_state_dict(tensors, strict=True)
saved = torch.load(sys.argv[1])
for name, value in saved.items():
    if not name.startswith('fc.'): assert torch.equal(network.model.state_dict()[name], value), name
print(len(tensors), len(saved))
`;

const run = (program: string, ...files: string[]): string =>
  execFileSync('/usr/bin/python3', ['-c', program, ...files], { encoding: 'utf8' }).trim();

(pythonHas('torch', 'torchvision') ? test : test.skip)(
  "torchvision's state dict -> import -> our network -> safetensors -> the original's model in PyTorch, bit by bit (skipped without python3-torchvision)",
  async (t) => {
    await chooseEngine({ useGpu: false, engine: 'wasm' });
    const folder = temporary(t);
    const saved = join(folder, 'random resnet.pth');
    run(save, saved);
    const imported = await importWeights(saved, 'ResNet50', { name: 'random', folder });
    t.deepEqual(imported.dropped, ['fc.weight', 'fc.bias']);
    const lines: string[] = [];
    const sources: WeightsSource[] = [];
    const backbone = await startBackbone(
      { name: 'ResNet50', embedding_size: 16, weights: 'random' },
      {
        stream: new RandomStream(1, 'init'),
        weightsFolder: folder,
        log: (line) => lines.push(line),
        onWeights: (source) => sources.push(source),
      },
    );
    const exported = join(folder, 'exported.safetensors');
    const state = backbone.stateDict({ complete: true });
    writeFileSync(exported, Buffer.concat(encodeSafetensors(Object.entries(state))));
    t.is(run(compare, saved, exported), '632 320');
    t.deepEqual(
      sources.map(({ sha256 }) => sha256),
      [imported.sha256],
    );
    t.regex(lines.join('\n'), /^ResNet50 starts from random \(imported; sha256 [0-9a-f]{12}\): .*random\.safetensors$/);
    backbone.dispose();
  },
);

test('weights of another network: every kind of fault is listed, and nothing is kept', async (t) => {
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  const folder = temporary(t);
  const file = writeSafetensors(join(temporary(t), 'other.safetensors'), {
    cls_token: counting([1, 1, 192]),
    'norm.weight': counting([384]),
    'blocks.0.gate.weight': counting([2]),
  });
  const message = await refusal(t, () => importWeights(file, 'ViTS', { folder, name: 'other' }));
  t.regex(message, /^weights that do not fit: .*other\.safetensors: of 150 tensors 148 missing \(/);
  t.regex(message, /1 surplus \(blocks\.0\.gate\.weight\)/);
  t.regex(message, /1 of another shape \(cls_token: 1 x 1 x 192 instead of 1 x 1 x 384\)/);
  const start = () =>
    startBackbone({ name: 'ViTS', embedding_size: 8, weights: file }, { stream: new RandomStream(1, 'init') });
  t.regex(await refusal(t, start), /^weights that do not fit: /);
  t.regex(
    await refusal(t, () =>
      startBackbone(
        { name: 'ViTS', embedding_size: 8, weights: 'other' },
        { stream: new RandomStream(1), weightsFolder: folder },
      ),
    ),
    /^unknown weights: other;/,
  );
});

test('weights with a number that is none are refused by the name of the tensor', async (t) => {
  const norm = counting([192]);
  (norm.data as Float32Array)[7] = NaN;
  const file = writeSafetensors(join(temporary(t), 'broken.safetensors'), { 'norm.weight': norm });
  t.regex(
    await refusal(t, () => importWeights(file, 'ViTTi', { name: 'broken', folder: temporary(t) })),
    /^broken weights: norm\.weight of .*broken\.safetensors has an infinite number or NaN; get the weights again$/,
  );
});
