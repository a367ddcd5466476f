import test from 'ava';
import { loadConfiguration } from '../../src/configuration/index.js';
import { classes, direct, evaluation, ordinal, student, synthetic, teacher, testRefusals, yummly } from './refusals.js';

testRefusals([
  // triplets
  [direct, ['dataset.batch_size=250'], 'invalid batch_size: 250; triplets need a multiple of 3'],
  [teacher, ['dataset.batch_size=10000'], 'invalid batch_size: 10000; triplets need a multiple of 3'],
  // data sets and their versions
  [teacher, ['dataset.version=drect'], 'unknown dataset.version: drect; did you mean direct?'],
  [teacher, ['dataset.version=direct~1'], 'invalid dataset.version: direct~1; ThingsTInd has one split, write direct'],
  [
    yummly,
    ['dataset.version=quasi_original'],
    'unknown dataset.version: quasi_original; one of: direct, psycho, source_embedding',
  ],
  [
    yummly,
    ['dataset.version=direct~x', 'dataset.different_splits=false'],
    'invalid dataset.version: direct~x; write direct~0, direct~1, ...',
  ],
  [
    yummly,
    ['dataset.version=direct~1'],
    'invalid dataset.version: direct~1; dataset.different_splits=true adds the seed (~0, ~1, ...) itself, so leave it out or set different_splits=false',
  ],
  [
    teacher,
    ['dataset.different_splits=true'],
    'invalid dataset.different_splits: true; ThingsTInd has only one split, leave the key out',
  ],
  [
    teacher,
    ['dataset.num_items=50'],
    'invalid dataset.num_items: 50; it is for synthetic sets, not for ThingsTInd: leave the key out',
  ],
  [
    teacher,
    ['dataset.contradictions=meant'],
    'invalid dataset.contradictions: "meant"; it is for IHSJC, not for ThingsTInd: leave the key out',
  ],
  [
    student,
    ['dataset.num_training_triplets=50'],
    'invalid dataset.num_training_triplets: 50; it is for sets that train on triplets, not for ThingsSE: leave the key out',
  ],
  [synthetic, ['dataset.temperature=0'], 'invalid dataset.temperature: 0; a finite number above 0'],
  [
    'configurations/yummly/yummly_e.yaml',
    [],
    'missing dataset.version in configurations/yummly/yummly_e.yaml; one of direct, psycho, source_embedding, each also with the seed of a split as in direct~1',
  ],
  [
    student,
    ['dataset.source_embeddings_id=null'],
    `missing dataset.source_embeddings_id in ${student}; ThingsSE learns from data_directory_name/embeddings_<source_embeddings_id>.npz`,
  ],
  // what goes with what
  [
    teacher,
    ['dataset.name=ThingsTImg'],
    'invalid preprocessing: IndexRemapPreprocessing; ThingsTImg has pictures, use ResNetImagePreprocessing, ViTImagePreprocessing or SmallImagePreprocessing',
  ],
  [
    teacher,
    ['preprocessing.name=ViTImagePreprocessing'],
    'invalid preprocessing: ViTImagePreprocessing; ThingsTInd has indexes, use IndexRemapPreprocessing',
  ],
  [teacher, ['model.name=ViT'], 'invalid model: ViT; ThingsTInd has indexes, use Psycho or Ordinal'],
  [
    direct,
    ['model.name=Psycho'],
    'invalid model: Psycho; ThingsTImg has pictures, use ResNet50, Inception, ViT, ViTS, ViTTi, SmallResNet or SmallViT',
  ],
  [direct, ['model.name=ViT', 'preprocessing.image_size=227'], 'invalid preprocessing.image_size: 227; ViT needs 224'],
  [
    classes,
    ['preprocessing.image_size=384'],
    'invalid preprocessing.image_size: 384; ViTImagePreprocessing always makes pictures of 224, leave the key out',
  ],
  [
    teacher,
    ['model.loss_type=rkd'],
    'invalid loss_type: rkd; it needs source embeddings (an SE or SEC data set), and ThingsTInd has none',
  ],
  [
    student,
    ['model.loss_type=ste', 'model.tau=1'],
    'invalid loss_type: ste; it needs triplets (a TImg or TInd data set), and ThingsSE has none',
  ],
  [
    student,
    ['model.loss_type=facenet', 'model.margin=1'],
    'invalid loss_type: facenet; it needs classes (an SEC data set), and ThingsSE has none',
  ],
  [
    student,
    ['model.metric_mode=FCT/max'],
    'invalid metric_mode: FCT/max; it needs triplets (a TImg or TInd data set), and ThingsSE has none',
  ],
  [
    teacher,
    ['model.metric_mode=mP@1/max'],
    'invalid metric_mode: mP@1/max; it needs classes (an SEC data set), and ThingsTInd has none',
  ],
  [
    student,
    ['optimization.evaluate_globally=false'],
    'invalid optimization.evaluate_globally: false; fraction_same_triplet_relation_thresholded is computed on the whole subset, set it to true',
  ],
  [
    student,
    ['model.loss_type=mtt', 'model.margin=1', 'model.teacher_margin=0', 'model.batch_mining=relaxed_sampling_matters'],
    'invalid batch_mining: relaxed_sampling_matters; it is for rkd and stmr, not for mtt',
  ],
  [
    student,
    ['model.loss_type=stmr', 'model.tau=1', 'model.beta=0'],
    'invalid model.beta: 0; loss_type stmr divides by it',
  ],
  [
    student,
    [
      'model.loss_type=relaxed_triplet',
      'model.tau=1',
      'model.margin=1',
      'model.triplet_weight_type=from_source_pairs2',
    ],
    'invalid triplet_weight_type: from_source_pairs2; relaxed_triplet knows from_source_pairs and from_source_triplets',
  ],
  [
    student,
    ['model.train_regularization=true'],
    'invalid model.train_regularization: true; it is for Psycho, not for ResNet50',
  ],
  [teacher, ['model.name=Ordinal'], 'invalid model.activation_fn: relu; Ordinal has none, leave the key out'],
  [
    ordinal,
    ['model.use_normalization=true'],
    'invalid model.use_normalization: true; Ordinal does not normalise, leave the key out',
  ],
  [ordinal, ['model.loss_type=ste', 'model.tau=1'], 'invalid loss_type: ste; Ordinal needs soe or ckl'],
  [teacher, ['model.loss_type=soe', 'model.margin=1'], 'invalid loss_type: soe; it is for Ordinal, not for Psycho'],
  [direct, ['model.loss_type=ckl', 'model.mu=1'], 'invalid loss_type: ckl; it is for Ordinal, not for ResNet50'],
  [ordinal, ['model.loss_type=ckl'], `missing model.mu in ${ordinal}; loss_type ckl needs it`],
  [ordinal, ['model.loss_type=ckl', 'model.mu=0'], 'invalid model.mu: 0; a finite number above 0'],
  [ordinal, ['model.margin=0'], 'invalid model.margin: 0; at or below 0, soe is least where all is equal'],
  [
    ordinal,
    ['model.train_regularization=true'],
    'invalid model.train_regularization: true; it is for Psycho, not for Ordinal',
  ],
  [
    ordinal,
    ['model.weights=imagenet'],
    'invalid weights: imagenet; Ordinal always starts from random values, leave the key out',
  ],
  [
    teacher,
    ['model.loss_type=triplet', 'model.margin=1', 'model.exact_log_softmax=true'],
    'invalid model.exact_log_softmax: true; it is for ste, not for triplet',
  ],
  [
    classes,
    ['dataset={name: CUBSEC, version: source_embedding_from_class_information, batch_size: 10}'],
    `missing dataset.num_neighbors_per_instance in ${classes}; a batch has this many pictures of each class, plus one`,
  ],
  // a user's own data
  [
    direct,
    ['dataset.name=CustomTripletsTImg', 'dataset.raw_data_directory_name=null'],
    `missing dataset.raw_data_directory_name in ${direct}; CustomTripletsTImg needs a folder with images/ and triplets.csv`,
  ],
  [
    classes,
    ['dataset.name=CustomClassesSEC', 'dataset.raw_data_directory_name=null'],
    `missing dataset.raw_data_directory_name in ${classes}; CustomClassesSEC needs a folder with images/CLASS/`,
  ],
  [
    classes,
    ['dataset.name=CustomClassesSEC', 'dataset.directed=true'],
    'invalid dataset.directed: true; it is for synthetic and custom sets of triplets, not for CustomClassesSEC: leave the key out',
  ],
  [
    direct,
    ['dataset.directed=true'],
    'invalid dataset.directed: true; it is for synthetic and custom sets of triplets, not for ThingsTImg: leave the key out',
  ],
  // small networks, weights and bad pictures
  [
    direct,
    ['model.name=ViTS', 'preprocessing.name=SmallImagePreprocessing', 'preprocessing.image_size=null'],
    'invalid preprocessing.image_size: null; ViTS needs 224',
  ],
  [
    teacher,
    ['model.weights=imagenet'],
    'invalid weights: imagenet; Psycho always starts from random values, leave the key out',
  ],
  [
    teacher,
    ['preprocessing.on_bad_image=skip'],
    'invalid preprocessing.on_bad_image: skip; IndexRemapPreprocessing reads no pictures, leave the key out',
  ],
  [direct, ['preprocessing.on_bad_image=ignore'], 'unknown on_bad_image: ignore; one of: fail, skip'],
  // evaluation
  [student, ['evaluation_type=triplets'], 'invalid evaluation_type: triplets; ThingsSE has no triplets, use classes'],
  [
    evaluation,
    ['evaluation_type=triplets', 'subset_name=all'],
    'invalid subset_name: all; triplets belong to a subset, use training, validation or test',
  ],
  [
    evaluation,
    ['model_uri=Psycho,embedding_size:128/x.pth'],
    'invalid model: Psycho; ThingsTImg has pictures, use ResNet50, Inception, ViT, ViTS, ViTTi, SmallResNet or SmallViT',
  ],
  [
    evaluation,
    ['model_uri=ResNet50,embedding_size:128/runs/run-0001..0002/x.pth'],
    'invalid model_uri: ResNet50,embedding_size:128/runs/run-0001..0002/x.pth; evaluate needs one run, not a range',
  ],
]);

test("a user's own data, small networks, weights and bad pictures are configured", (t) => {
  const folder = 'dataset.raw_data_directory_name=.';
  const small = ['preprocessing={name: SmallImagePreprocessing}', 'model.name=SmallResNet', 'model.weights=none'];
  const accepted = [
    [direct, 'dataset.name=CustomTripletsTImg', 'dataset.version=direct~3', 'dataset.directed=false', folder],
    [teacher, 'dataset.name=CustomTripletsTInd', folder],
    [student, 'dataset.name=CustomTripletsSE', folder, 'dataset.different_splits=true', ...small],
    [classes, 'dataset.name=CustomClassesSEC', folder, 'preprocessing.on_bad_image=skip'],
    [direct, 'model.name=SmallViT', 'preprocessing={name: SmallImagePreprocessing, image_size: 32}'],
    [direct, 'model.name=ViT', 'preprocessing={name: SmallImagePreprocessing, image_size: 224}'],
  ];
  for (const [file, ...overrides] of accepted)
    t.notThrows(() => loadConfiguration(file, overrides), overrides.join(' '));
  const { dataset } = loadConfiguration(accepted[0][0], accepted[0].slice(1));
  t.like(dataset, { name: 'CustomTripletsTImg', version: 'direct~3', directed: false, raw_data_directory_name: '.' });
});
