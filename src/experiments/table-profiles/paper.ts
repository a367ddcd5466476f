import type { Profile } from './profile.js';

/** The profile that runs everything as the original configures it. */
export const paper: Profile = {
  name: 'paper',
  description: 'as configured: all data sets, splits, repetitions and epochs',
  notes: () => [],
  row: (row) => row,
};
