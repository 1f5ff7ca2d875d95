import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('the committed bundle is what its sources compile to', () => {
  const out = execFileSync(process.execPath, [new URL('./build.ts', import.meta.url).pathname, '--check'], { encoding: 'utf8' });
  expect(out).toContain('policy bundle is current');
});
