import type { SplitEmbeddings, TripletSet } from './table.js';

/** Kinds of teachers, by the name that the original gives their embeddings; `soe5` and `ckl5` are not in the paper. */
export type TeacherKind = 'ste5' | 'trip5' | 'ste50' | 'ste5_e512' | 'ste5_e1024' | 'soe5' | 'ckl5';

interface Kind {
  readonly loss: 'ste' | 'trip' | 'soe' | 'ckl';
  readonly count: number;
  readonly size?: number;
  /** The number of the first run of the first split; other splits follow. */
  readonly first: Readonly<Partial<Record<TripletSet, number>>>;
}

const kinds: Readonly<Record<TeacherKind, Kind>> = {
  ste5: { loss: 'ste', count: 5, first: { things: 111, ihsjc: 311, yummly: 531 } },
  trip5: { loss: 'trip', count: 5, first: { things: 116, ihsjc: 316, yummly: 556 } },
  ste50: { loss: 'ste', count: 50, first: { things: 211, ihsjc: 411, yummly: 671 } },
  ste5_e512: { loss: 'ste', count: 5, size: 512, first: { things: 261, ihsjc: 461, yummly: 921 } },
  ste5_e1024: { loss: 'ste', count: 5, size: 1024, first: { things: 266, ihsjc: 466, yummly: 946 } },
  soe5: { loss: 'soe', count: 5, first: { yummly: 5001 } },
  ckl5: { loss: 'ckl', count: 5, first: { things: 5051 } },
};

/** The number of splits of each data set; `~SEED` names the split. */
export const splitsOf: Readonly<Record<TripletSet, number>> = { things: 1, ihsjc: 1, yummly: 5 };

/** Returns the teachers of a kind and their embeddings, for each split. */
export function teachersOf(data: TripletSet, kind: TeacherKind): SplitEmbeddings[] {
  const { loss, count, size, first } = kinds[kind];
  const start = first[data];
  if (start === undefined) throw new Error(`no ${kind} for ${data}`);
  const splits = splitsOf[data];
  return Array.from({ length: splits }, (_, split) => ({
    id: splits > 1 ? `pt_${kind}~${split}` : `pt_${kind}`,
    teachers: {
      configuration: `configurations/${data}/${data}_p_${loss}.yaml`,
      overrides: [
        `run.id=${start + split * count}`,
        `num_repetitions=${count}`,
        ...(splits > 1 ? [`dataset.version=psycho~${split}`] : []),
        ...(size === undefined ? [] : [`model.embedding_size=${size}`]),
      ],
    },
  }));
}

/** Returns the first few of the fifty teachers of each split. */
export function firstTeachers(data: TripletSet, first: number): SplitEmbeddings[] {
  return teachersOf(data, 'ste50').map(({ id, teachers }) => ({
    id: id.replace('ste50', `ste${first}`),
    teachers,
    first,
  }));
}

/** A correction that all tables with teachers state. */
export const yummlyVersion =
  'the original trains the teachers of Yummly on the version direct~k; here they have psycho~k, which is the same split';
