/** The names of a teacher's tensors in checkpoints; the table has the name that the original gives it. */
export const WEIGHT = 'embedding_layer.weight';
export const FIRST_MOMENT = `optimizer.exp_avg.${WEIGHT}`;
export const SECOND_MOMENT = `optimizer.exp_avg_sq.${WEIGHT}`;
export const STEP = 'optimizer.step';
