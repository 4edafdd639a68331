// What a key means: on a keyboard of other letters, the one that stands where the Latin one does. Empty for what is not
// ours: with a modifier, or while a word is being put together.
export function keyOf({ key, code, isComposing, ctrlKey, altKey, metaKey, isThirdLevel }) {
  if (isComposing || metaKey || ((ctrlKey || altKey) && !isThirdLevel)) return "";
  if (key.length === 1 && key > "\u007F" && /^Key[A-Z]$/.test(code)) return code.at(-1).toLowerCase();
  return key;
}
