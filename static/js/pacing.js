// How long an open page waits before it asks again, in milliseconds. Computes only: no document.

export const INTERVAL = 5000;
const LONGEST = 5 * 60 * 1000;

// After so many failures in a row, 0 after a good answer. `chance`, from 0 to 1, keeps pages that failed together from
// coming back together.
export function pause(failures, chance) {
  if (!failures) return INTERVAL;
  return Math.min(INTERVAL * 2 ** failures, LONGEST) * (0.5 + chance / 2);
}
