/**
 * Finds the first key that an object in the text has twice, or undefined; `JSON.parse` silently keeps the last one.
 *
 * The text must be valid JSON (parse it first).
 */
export function duplicateKey(json: string): string | undefined {
  const objects: (Set<string> | null)[] = []; // null: inside an array
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{') objects.push(new Set());
    else if (character === '[') objects.push(null);
    else if (character === '}' || character === ']') objects.pop();
    else if (character === '"') {
      const end = stringEnd(json, at);
      const keys = objects.at(-1);
      if (keys && isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Returns the position after the closing quote. */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (json[at] === ' ' || json[at] === '\t' || json[at] === '\n' || json[at] === '\r') at++;
  return json[at] === ':';
}
