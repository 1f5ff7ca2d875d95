const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Whether an object in this JSON, at any depth, names a key twice, however it is escaped: `JSON.parse` keeps the last one and says nothing. */
export function hasDuplicateKeys(text: string): boolean {
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (const [found] of text.matchAll(token)) {
    if (found === '{') open.push(new Set());
    else if (found === '[') open.push(null);
    else if (found === '}' || found === ']') open.pop();
    else if (found === ':') {
      const key: string = JSON.parse(last);
      const keys = open.at(-1);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
    last = found;
  }
  return false;
}
