// Keeps what is being written on this device: one draft a place and a reader, for thirty days. The storage is given to
// it and may be missing or full: it does then without. Computes only: no document.
const LIFE = 30 * 24 * 60 * 60 * 1000;

// Names of readers hold no slash, and a path begins with one. A stranger's name is empty.
export function keyOf(reader, path) {
  return `draft/${reader}${path}`;
}

// Say whether it was kept.
export function keep(storage, key, draft) {
  return tried(() => {
    storage.setItem(key, JSON.stringify(draft));
    return true;
  }, false);
}

export function read(storage, key, now) {
  return tried(() => {
    const draft = JSON.parse(storage.getItem(key));
    return draft && now - draft.at < LIFE ? draft : null;
  }, null);
}

export function drop(storage, key) {
  tried(() => storage.removeItem(key));
}

// Drop what is too old for anybody.
export function sweep(storage, now) {
  for (const key of keysOf(storage, "draft/")) if (!read(storage, key, now)) drop(storage, key);
}

// Drop everything of a reader who leaves.
export function forget(storage, reader) {
  for (const key of keysOf(storage, keyOf(reader, "/"))) drop(storage, key);
}

// What somebody wrote in this tab before they signed in is theirs, unless they have something newer at the place.
export function adopt(storage, reader, tab, now) {
  for (const key of keysOf(storage, keyOf("", "/"))) {
    const draft = read(storage, key, now);
    if (draft?.tab !== tab) continue;
    const own = keyOf(reader, key.slice(keyOf("", "").length));
    if (draft.at > (read(storage, own, now)?.at ?? 0)) keep(storage, own, draft);
    drop(storage, key);
  }
}

function keysOf(storage, beginning) {
  return tried(() => Array.from({ length: storage.length }, (_, index) => storage.key(index)), [])
    .filter((key) => key.startsWith(beginning));
}

function tried(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}
