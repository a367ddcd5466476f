import test from 'ava';
import { loadTrainingConfiguration, resolveConfiguration } from '../../src/configuration/index.js';
import { UsageError } from '../../src/errors.js';
import { evaluation, student, teacher, testRefusals } from './refusals.js';

testRefusals([
  // unknown keys
  [
    teacher,
    ['optimization.initial_learning_rat=1'],
    'unknown key: optimization.initial_learning_rat; did you mean optimization.initial_learning_rate?',
  ],
  [teacher, ['sed=1'], 'unknown key: sed; did you mean seed?'],
  [
    student,
    ['source_embeddings_id=pt_ste1'],
    'unknown key: source_embeddings_id; did you mean dataset.source_embeddings_id?',
  ],
  [teacher, ['run.completely_else=1'], 'unknown key: run.completely_else; one of: output_directory_name, id, draw'],
  [teacher, ['run.__proto__=1'], 'unknown key: run.__proto__; one of: output_directory_name, id, draw'],
  [
    evaluation,
    ['run.id=1'],
    'unknown key: run; one of: dataset, preprocessing, use_gpu, engine, precision, seed, subset_name, evaluation_type, model_uri, model_uris, embeddings, output_directory_name, new_source_embeddings_id',
  ],
  // wrong types
  [teacher, ['dataset.batch_size=big'], 'invalid dataset.batch_size: "big"; an integer of at least 1'],
  [teacher, ['dataset.batch_size=9.5'], 'invalid dataset.batch_size: 9.5; an integer of at least 1'],
  [teacher, ['dataset.batch_size=0'], 'invalid dataset.batch_size: 0; an integer of at least 1'],
  [teacher, ['model.embedding_size=0'], 'invalid model.embedding_size: 0; an integer of at least 1'],
  [teacher, ['run.id=0111'], 'invalid run.id: "0111"; an integer of at least 0, without leading zeros'],
  [teacher, ['use_gpu=1'], 'invalid use_gpu: 1; true or false'],
  [teacher, ['model=3'], 'invalid model: 3; a mapping with name, frozen_variables, weights'],
  [
    teacher,
    ['optimization.initial_learning_rate=-1'],
    'invalid optimization.initial_learning_rate: -1; a finite number of at least 0',
  ],
  [
    teacher,
    ['optimization.initial_learning_rate=.inf'],
    'invalid optimization.initial_learning_rate: Infinity; a finite number',
  ],
  [
    teacher,
    ['optimization.initial_learning_rate=.nan'],
    'invalid optimization.initial_learning_rate: NaN; a finite number',
  ],
  [
    teacher,
    ['optimization.initial_learning_rate=1e400'],
    'invalid optimization.initial_learning_rate: Infinity; a finite number',
  ],
  [
    teacher,
    ['optimization.weight_decay=-0.1'],
    'invalid optimization.weight_decay: -0.1; a finite number of at least 0',
  ],
  [
    teacher,
    ['optimization.num_training_epochs=0'],
    'invalid optimization.num_training_epochs: 0; an integer of at least 1',
  ],
  [teacher, ['num_repetitions=0'], 'invalid num_repetitions: 0; an integer of at least 1'],
  [teacher, ['seed=[1, 2]'], 'invalid seed: a list; an integer of at least 0'],
  [teacher, ['model.tau=0'], 'invalid model.tau: 0; a finite number above 0'],
  [
    teacher,
    ['model.use_normalization=false'],
    'invalid model.use_normalization: false; true: the network always normalises',
  ],
  [
    student,
    ['dataset.source_embeddings_id=../x'],
    'invalid dataset.source_embeddings_id: "../x"; a name without slashes',
  ],
  [
    teacher,
    ['dataset.name=5'],
    'invalid dataset.name: 5; one of ThingsTImg, ThingsTInd, ThingsSE, IHSJCTImg, IHSJCTInd, IHSJCSE, YummlyTImg, YummlyTInd, YummlySE, CUBSEC, CARSSEC, SOPSEC, CustomTripletsTImg, CustomTripletsTInd, CustomTripletsSE, CustomClassesSEC, SyntheticTImg, SyntheticTInd, SyntheticSE',
  ],
  // unknown names
  [teacher, ['dataset.name=ThingsTimg'], 'unknown dataset: ThingsTimg; did you mean ThingsTImg?'],
  [teacher, ['model.name=Psyco'], 'unknown model: Psyco; did you mean Psycho?'],
  [
    teacher,
    ['preprocessing.name=IndexRemap'],
    'unknown preprocessing: IndexRemap; one of: ResNetImagePreprocessing, ViTImagePreprocessing, SmallImagePreprocessing, IndexRemapPreprocessing',
  ],
  [teacher, ['optimization.optimizer_type=adamv'], 'unknown optimizer_type: adamv; did you mean adam?'],
  [teacher, ['model.loss_type=rdk'], 'unknown loss_type: rdk; did you mean rkd?'],
  [teacher, ['model.metric_mode=FTC/max'], 'unknown metric_mode: FTC/max; did you mean FCT/max?'],
  [
    teacher,
    ['model.metric_mode=FCT'],
    'unknown metric_mode: FCT; one of: FCT/max, FCT/min, mP@1/max, mP@1/min, fraction_same_triplet_relation/max, fraction_same_triplet_relation/min, fraction_same_triplet_relation_thresholded/max, fraction_same_triplet_relation_thresholded/min',
  ],
  [teacher, ['engine=wsam'], 'unknown engine: wsam; did you mean wasm?'],
  [evaluation, ['subset_name=tset'], 'unknown subset_name: tset; did you mean test?'],
  // overrides
  [teacher, ['use_gpu'], 'invalid override: use_gpu; write key=value'],
  [teacher, ['=3'], 'invalid override: =3; write key=value with a key such as dataset.batch_size'],
  [teacher, ['use_gpu.x=1'], 'invalid override: use_gpu.x=1; use_gpu is true, not a section'],
  [
    teacher,
    ['dataset.batch_size=[1'],
    'invalid YAML in override dataset.batch_size, line 1: unexpected end of the stream within a flow collection',
  ],
  [
    teacher,
    ['dataset.raw_data_directory_name=/no/such/folder'],
    'missing dataset.raw_data_directory_name: /no/such/folder; no such folder',
  ],
  // files
  [
    'tdml/configurations/yummly/yummly_se_stmr.yam',
    [],
    'unknown configuration: tdml/configurations/yummly/yummly_se_stmr.yam; did you mean configurations/yummly/yummly_se_stmr.yaml?',
  ],
  [
    'things_p_ste.yaml',
    [],
    'unknown configuration: things_p_ste.yaml; did you mean configurations/things/things_p_ste.yaml?',
  ],
  ['nothing-near-this', [], 'unknown configuration: nothing-near-this; see configurations/'],
]);

test('a configuration that only evaluates does not train', (t) => {
  t.throws(() => loadTrainingConfiguration(evaluation), {
    instanceOf: UsageError,
    message: `invalid configuration: ${evaluation} only evaluates; to train, it needs the sections run, model and optimization`,
  });
});

test('what is no mapping is no configuration', (t) => {
  for (const value of [null, 3, 'text', [1]])
    t.throws(() => resolveConfiguration(value), { instanceOf: UsageError, message: /^invalid configuration: / });
});

test('values that would break the line, or fill the screen, are quoted and cut', (t) => {
  const { message } = t.throws(() => resolveConfiguration({ dataset: { name: `a\nb${'c'.repeat(1000)}` } }))!;
  t.false(message.includes('\n'));
  t.true(message.length < 500);
  const key = t.throws(() => resolveConfiguration({ 'bad\u2028key\n': 1, dataset: {} }))!;
  t.regex(key.message, /^unknown key: "bad\\u\{2028\}key\\n"; one of: /);
});
