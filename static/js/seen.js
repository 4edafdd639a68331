// What a browser knows of the annotations beside articles: pure, kept by visits.js. Of each article {since, reached, at}:
// the newest annotation known when this visit began (null on a first one), the newest shown in it, and when.
const PAUSE = 30 * 60 * 1000;
const MOST = 100;

// The visit after coming at a moment to an article whose newest annotation is known: the same one while the reader
// keeps coming back, else another, to which all that was reached before is known.
export function arrived(visit, newest, now) {
  if (!Number.isInteger(visit?.reached)) return { since: null, reached: newest, at: now };
  const since = now - visit.at > PAUSE ? visit.reached : visit.since;
  return { since, reached: Math.max(visit.reached, newest), at: now };
}

// The visits with this one; of too many articles those not visited for longest are forgotten.
export function remembered(visits, slug, visit) {
  const all = Object.entries({ ...visits, [slug]: visit });
  return Object.fromEntries(all.sort(([, one], [, other]) => other.at - one.at).slice(0, MOST));
}
