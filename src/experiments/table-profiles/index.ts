import { unknown } from '../../errors.js';
import { laptop } from './laptop.js';
import { paper } from './paper.js';
import type { Profile } from './profile.js';
import { small } from './small.js';
import { smoke } from './smoke.js';

export type { Profile } from './profile.js';

/** Every profile, from the longest to the shortest. */
export const profiles = { paper, small, laptop, smoke } as const satisfies Record<string, Profile>;

/**
 * Finds a profile by its name.
 *
 * @throws UsageError where there is none
 */
export function findProfile(name: string): Profile {
  if (Object.hasOwn(profiles, name)) return profiles[name as keyof typeof profiles];
  throw unknown('profile', name, Object.keys(profiles));
}
