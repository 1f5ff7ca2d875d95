import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cookieOf, type Hand, people, startTestPages, type TestPages } from './testing.ts';

let pages: TestPages;
let ann: Hand;
beforeAll(async () => {
  pages = await startTestPages(people);
  ann = pages.hand('ann');
  await ann.open('/');
});
afterAll(() => pages.close());

/** Sends what comes before a body, and only its beginning: the answer cannot have waited for the rest. */
function begun(path: string, headers: Readonly<Record<string, string>>, beginning: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, pages.url), { method: 'POST', headers: { 'content-length': '1000000', ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
        sent.destroy();
      });
    });
    sent.on('error', reject);
    sent.write(beginning);
  });
}

const multipart = { 'content-type': 'multipart/form-data; boundary=xx' };
const part = (name: string, value: string) => `--xx\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

test.each(['/policy/replay', '/plans/some/votes', '/logout'])(
  'of a form to %s nothing is read before it is known who sends it',
  async (path) => {
    for (const headers of [multipart, { 'content-type': 'application/x-www-form-urlencoded' }]) {
      expect((await begun(path, headers, 'token=')).status).toBe(303);
      const foreign = await begun(path, { ...headers, cookie: cookieOf(ann), origin: 'https://elsewhere.example' }, 'token=');
      expect([foreign.status, foreign.text.includes('was not sent from a page of yours')]).toEqual([403, true]);
    }
  },
);

test('of a form with a file nothing is read behind a token that does not hold, and no file that is too large; others take none', async () => {
  const own = { ...multipart, cookie: cookieOf(ann), origin: pages.url };
  const file = '--xx\r\ncontent-disposition: form-data; name="bundle"; filename="x"\r\n\r\nand so on';
  for (const beginning of [part('token', 'made up') + file, part('since', '2020-01-01') + file, file])
    expect((await begun('/policy/replay', own, beginning)).status).toBe(403);
  const large = await begun('/policy/replay', { ...own, 'content-length': String(64 * 1024 * 1024) }, 'x');
  expect([large.status, large.text.includes('larger than 3 MB')]).toEqual([413, true]);
  expect((await begun('/plans/some/votes', own, file)).status).toBe(415);
  expect((await begun('/policy/replay', { ...own, 'content-type': 'application/x-www-form-urlencoded' }, 'token=')).status).toBe(415);
});
