/** A part of a plan: a configuration with its overrides. */
interface Part {
  readonly overrides: readonly string[];
}

/** The parts of a plan's file that a draw of its data changes. */
export interface DrawnPlan {
  readonly name: string;
  readonly output_directory_name?: string | undefined;
  readonly teachers?: Part | undefined;
  readonly students: readonly Part[];
  readonly direct: readonly Part[];
  readonly evaluation?: Part | undefined;
}

/**
 * Returns the plan on its own draw of the data: with `dataset.data_seed` for every part, `seed` for every training, and
 * a folder `data-SEED`.
 *
 * So the rows of one seed share items, labels, teachers and test, and differ from those of other seeds in all of these.
 */
export function planOfDraw<Plan extends DrawnPlan>(plan: Plan, seed: number): Plan & { data_seeds: [] } {
  const drawn = <Given extends Part>(part: Given): Given => ({
    ...part,
    overrides: [...part.overrides, `seed=${seed}`, `dataset.data_seed=${seed}`],
  });
  return {
    ...plan,
    data_seeds: [],
    output_directory_name: `${plan.output_directory_name ?? `modeling/${plan.name}`}/data-${seed}`,
    ...(plan.teachers && { teachers: drawn(plan.teachers) }),
    students: plan.students.map(drawn),
    direct: plan.direct.map(drawn),
    ...(plan.evaluation && { evaluation: drawn(plan.evaluation) }),
  };
}
