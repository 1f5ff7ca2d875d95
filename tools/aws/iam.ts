/** A policy of IAM that gives these actions, and no more. Throws TypeError for what is no action. */
export function policyOf(name: string, permissions: readonly string[]): string {
  const wrong = permissions.find((action) => !/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/.test(action));
  if (wrong !== undefined) throw new TypeError(`${wrong} is no action of IAM`);
  const Sid = name.replace(/(^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_all, _gap, letter: string) => letter.toUpperCase());
  const Statement = [{ Sid, Effect: 'Allow', Action: [...new Set(permissions)].sort(), Resource: '*' }];
  return JSON.stringify({ Version: '2012-10-17', Statement }, null, 2);
}
