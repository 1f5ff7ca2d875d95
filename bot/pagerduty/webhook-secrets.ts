/** PAGERDUTY_WEBHOOK_SECRET: one secret, or the old and the new one, separated by a comma or white space. */
export function secretsIn(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((secret) => secret !== '');
}
