/** Whether a rule can match around a place where one of its keywords ended. Cheap, and no stricter than the rule's expression, but for spaces after `kind:` in number. */
export type Gate = (text: string, end: number) => boolean;

const assigned = /[ \t\w.-]{0,24}[\s'"]{0,3}[=>:|?,][=:>|]{0,3}[\x60'"\s=]{0,5}[\w.=+/-]{10}/iy;
const longName = /[\w-]{24}/y;
const kindBefore = /\bkind:[ \t]*["']?secret$/i;

function follows(regex: RegExp): Gate {
  return (text, end) => {
    regex.lastIndex = end;
    return regex.test(text);
  };
}

/** Rules whose keywords are ordinary words in operational text (`key`, `s.`, `secret`): without these they would run nearly everywhere. */
export const gates: ReadonlyMap<string, Gate> = new Map<string, Gate>([
  ['generic-api-key', follows(assigned)],
  ['vault-service-token', follows(longName)],
  ['kubernetes-secret-yaml', (text, end) => kindBefore.test(text.slice(Math.max(0, end - 40), end))],
]);
