import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../config-file.ts';
import { type IdentitySettings, OidcSettings } from '../oidc/settings.ts';
import { createDirectory, type Directory } from '../people.ts';
import { insertIdentity } from '../store/identities.ts';
import { hashOfCode } from '../store/link-codes.ts';
import { inTransaction } from '../store/pool.ts';
import { putSignIn } from '../store/sign-ins.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { createInvitations, linkMinutes } from './invitations.ts';
import { createLinkedAccounts } from './linked-accounts.ts';
import { createLinkingDesk, type LinkingDesk } from './linking.ts';
import { createSignIns, type SignIns } from './sign-ins.ts';

const issuer = 'https://id.shop.example';
const people: readonly Person[] = [
  { id: 'ann', name: 'Ann', roles: ['viewer'], oidc: 'sub-ann' },
  { id: 'ben', name: 'Ben', roles: ['approver'], oidc: 'sub-ben', slack: { team: 'T1', user: 'UBEN' } },
  { id: 'cleo', name: 'Cleo', email: 'Cleo@shop.example', roles: ['responder'] },
  { id: 'dan', name: 'Dan', email: 'twins@shop.example', roles: ['responder'] },
  { id: 'dora', name: 'Dora', email: 'twins@shop.example', roles: ['responder'] },
];
const oidc = OidcSettings.parse({ roles: { sre: ['responder', 'approver'], dba: [] } });

let db: TestDatabase;
let clock: Date;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  clock = new Date('2026-03-01T12:00:00.000Z');
  for (const statement of [
    'ALTER TABLE identities DISABLE TRIGGER is_never_deleted',
    'TRUNCATE identities, sign_ins, link_codes',
    'ALTER TABLE identities ENABLE ALWAYS TRIGGER is_never_deleted',
  ])
    await db.force(statement);
});

interface Desk {
  readonly directory: Directory;
  readonly signIns: SignIns;
  readonly desk: LinkingDesk;
  invite(user: string): Promise<string>;
}

function open(identity: IdentitySettings = { trustEmail: false }, from = issuer): Desk {
  const now = () => clock;
  const store = db.store({ now });
  const linked = createLinkedAccounts({ pool: db.pool, issuer: from, oidc, identity, now });
  const directory = createDirectory(people, { linked, groupsOf: (id) => (id === 'ann' ? ['listed'] : []) });
  const signIns = createSignIns({ pool: db.pool, store, directory, issuer: from, oidc, identity });
  const invitations = createInvitations({ pool: db.pool, store, baseUrl: () => 'http://127.0.0.1:1' });
  return {
    directory,
    signIns,
    desk: createLinkingDesk({ pool: db.pool, store, directory, signIns }),
    async invite(user) {
      const url = await invitations.invite({ team: 'T1', user, teamName: 'Shop', userName: user });
      return new URL(url ?? '').pathname.replace('/link/', '');
    },
  };
}

const claims = (subject: string, change: object = {}) => ({
  subject,
  groups: [],
  email: null,
  signedInAt: clock,
  claimsAt: clock,
  ...change,
});
const later = (minutes: number) => {
  clock = new Date(clock.getTime() + minutes * 60_000);
};
const audited = async (kind: string) => (await db.store().audit.list({ kind }, 0, 200)).map(({ body }) => body.data);
const slack = (user: string, team = 'T1') => ({ kind: 'slack', team, user }) as const;

describe('roles and groups', () => {
  test('are those of the file and those that the groups of the last sign-in give', async () => {
    const { signIns, directory } = open();
    const member = await signIns.signIn(claims('sub-ann', { groups: ['sre', 'dba', 'chess', 'constructor'] }));
    expect(member).toMatchObject({ id: 'ann', roles: ['viewer', 'responder', 'approver'], groups: ['listed', 'dba', 'sre'] });
    expect(await directory.current('ann')).toEqual(member);
    expect(await directory.current('ben')).toMatchObject({ roles: ['approver'], groups: [] });
  });

  test('are lost again when the issuer says so, or says nothing for long', async () => {
    const { signIns, directory } = open();
    await signIns.signIn(claims('sub-ann', { groups: ['sre'] }));
    later(1);
    expect(await signIns.signIn(claims('sub-ann'))).toMatchObject({ roles: ['viewer'], groups: ['listed'] });
    later(1);
    await signIns.signIn(claims('sub-ann', { groups: ['sre'] }));
    later(12 * 60 - 1);
    expect((await directory.current('ann'))?.roles).toContain('approver');
    later(1);
    expect((await directory.current('ann'))?.roles).toEqual(['viewer']);
  });

  test('of an older token do not replace those of a newer one', async () => {
    const { signIns } = open();
    const old = claims('sub-ann', { groups: ['sre'], claimsAt: new Date(clock.getTime() - 1_000) });
    await signIns.signIn(claims('sub-ann'));
    expect((await signIns.signIn(old))?.roles).toEqual(['viewer']);
    const late = { groups: ['sre'], signedInAt: null, claimsAt: old.claimsAt.toISOString() };
    expect(await inTransaction(db.pool, (tx) => putSignIn(tx, issuer, 'sub-ann', late))).toBe(false);
  });

  test('of another issuer count for nothing', async () => {
    await open().signIns.signIn(claims('sub-ann', { groups: ['sre'] }));
    expect((await open(undefined, 'https://other.example').directory.current('ann'))?.roles).toEqual(['viewer']);
  });

  test('are audited when they change, and not each time that they are said again', async () => {
    const { signIns } = open();
    const before = (await audited('person.signed_in')).length;
    await signIns.signIn(claims('sub-ann', { groups: ['sre'] }));
    await signIns.signIn(claims('sub-ann', { groups: ['sre'], claimsAt: new Date(clock.getTime() + 1_000) }));
    await signIns.signIn(claims('sub-ann', { groups: [], claimsAt: new Date(clock.getTime() + 2_000) }));
    expect((await audited('person.signed_in')).slice(before).map(({ groups }) => groups)).toEqual(['sre', '']);
  });
});

describe('an e-mail', () => {
  const cleo = (subject: string) => claims(subject, { email: 'cleo@SHOP.example' });

  test('maps nobody unless the configuration trusts it', async () => {
    expect(await open().signIns.signIn(cleo('sub-cleo'))).toBeNull();
    expect(await open({ trustEmail: true }).signIns.signIn(cleo('sub-cleo'))).toMatchObject({ id: 'cleo' });
    expect((await audited('identity.linked')).at(-1)).toMatchObject({ kind: 'oidc', account: 'sub-cleo', person: 'cleo', by: 'email' });
    expect(await open().directory.of({ kind: 'oidc', subject: 'sub-cleo' })).toBeNull();
  });

  test('maps the first subject that has it, and nobody where two people share it', async () => {
    const { signIns } = open({ trustEmail: true });
    await signIns.signIn(cleo('sub-cleo'));
    expect(await signIns.signIn(cleo('sub-impostor'))).toBeNull();
    expect(await signIns.signIn(claims('sub-dan', { email: 'twins@shop.example' }))).toBeNull();
    expect(await signIns.signIn(claims('sub-nobody', { email: null }))).toBeNull();
  });
});

describe('a Slack account', () => {
  test('is linked to whoever signs in, once, and audited', async () => {
    const { desk, directory, invite } = open();
    const hash = hashOfCode(await invite('UANN'));
    expect(await directory.of(slack('UANN'))).toBeNull();
    expect(await desk.link(hash, claims('sub-ann'))).toMatchObject({ kind: 'linked', person: { id: 'ann' } });
    expect(await directory.of(slack('UANN'))).toMatchObject({ id: 'ann' });
    expect(await directory.of(slack('UANN', 'T2'))).toBeNull();
    expect((await audited('identity.linked')).at(-1)).toMatchObject({ realm: 'T1', account: 'UANN', person: 'ann', by: 'login' });
    expect(await desk.link(hash, claims('sub-ann'))).toMatchObject({ kind: 'refused', code: 'used_code' });
  });

  test.each([
    ['of somebody whom nobody lists', 'UX', 'sub-x', 'unknown_person'],
    ['that the file gives to somebody else', 'UBEN', 'sub-ann', 'taken'],
    ['while the file gives them another one', 'UX', 'sub-ben', 'other_account'],
  ])('%s is refused, audited, and the link is used up', async (_, user, subject, code) => {
    const { desk, directory, invite } = open();
    const before = await directory.of(slack(user));
    const hash = hashOfCode(await invite(user));
    expect(await desk.link(hash, claims(subject))).toMatchObject({ kind: 'refused', code });
    expect((await audited('identity.refused')).at(-1)).toMatchObject({ account: user, code, subject });
    expect(await directory.of(slack(user))).toEqual(before);
    expect(await desk.look(hash)).toMatchObject({ kind: 'used' });
  });

  test('is refused to a person who has linked another one, also when both are linked at once', async () => {
    const { desk, directory, invite } = open();
    const hashes = [hashOfCode(await invite('UONE')), hashOfCode(await invite('UTWO'))];
    const results = await Promise.all(hashes.map((hash) => desk.link(hash, claims('sub-ann'))));
    expect(results.map((result) => (result.kind === 'linked' ? 'linked' : result.code)).toSorted()).toEqual(['linked', 'other_account']);
    const owners = await Promise.all(['UONE', 'UTWO'].map((user) => directory.of(slack(user))));
    expect(owners.filter((owner) => owner !== null)).toHaveLength(1);
  });

  test('that is theirs already stays so', async () => {
    const { desk, invite } = open();
    expect(await desk.link(hashOfCode(await invite('UBEN')), claims('sub-ben'))).toMatchObject({ kind: 'linked' });
    expect((await audited('identity.confirmed')).at(-1)).toMatchObject({ account: 'UBEN', person: 'ben' });
  });

  test('that was linked belongs to whom the file lists it for, from then on', async () => {
    await inTransaction(db.pool, (tx) => insertIdentity(tx, { kind: 'slack', realm: 'T1', account: 'UBEN' }, 'ann', 'login', clock));
    await inTransaction(db.pool, (tx) => insertIdentity(tx, { kind: 'slack', realm: 'T1', account: 'UOLD' }, 'ben', 'login', clock));
    const { directory } = open();
    const [ann, ben] = people;
    expect(await directory.of(slack('UBEN'))).toMatchObject({ id: 'ben' });
    expect(await directory.of(slack('UOLD'))).toBeNull();
    expect(await directory.slackOf(ann as Person, 'T1')).toBeNull();
    expect(await directory.slackOf(ben as Person, 'T1')).toEqual({ team: 'T1', user: 'UBEN' });
  });

  test('of a person who is listed no more is nobody', async () => {
    await inTransaction(db.pool, (tx) => insertIdentity(tx, { kind: 'slack', realm: 'T1', account: 'UGONE' }, 'gone', 'login', clock));
    expect(await open().directory.of(slack('UGONE'))).toBeNull();
  });
});

describe('a link', () => {
  test('is nowhere in the database, works for ten minutes, and only the newest one of an account does', async () => {
    const { desk, invite } = open();
    const first = await invite('UANN');
    const second = await invite('UANN');
    const rows = (await db.force('SELECT * FROM link_codes')).rows;
    expect(JSON.stringify(rows)).not.toContain(second);
    expect(await desk.look(hashOfCode(first))).toEqual({ kind: 'unknown' });
    later(linkMinutes - 1);
    expect(await desk.look(hashOfCode(second))).toMatchObject({ kind: 'open', code: { user: 'UANN' } });
    later(1);
    expect(await desk.link(hashOfCode(second), claims('sub-ann'))).toMatchObject({ kind: 'refused', code: 'expired_code' });
    expect((await audited('identity.link_offered')).at(-1)).toMatchObject({ account: 'UANN' });
  });

  test('used by many at once is used once', async () => {
    const { desk, invite } = open();
    const hash = hashOfCode(await invite('UANN'));
    const results = await Promise.all(Array.from({ length: 8 }, () => desk.link(hash, claims('sub-ann'))));
    expect(results.map((result) => (result.kind === 'linked' ? 'linked' : result.code)).toSorted()).toEqual([
      'linked',
      ...Array.from({ length: 7 }, () => 'used_code'),
    ]);
  });
});

test('a link ends once, and nothing else of it changes', async () => {
  const linked = await inTransaction(db.pool, (tx) =>
    insertIdentity(tx, { kind: 'linear', realm: '', account: 'lin-1' }, 'ann', 'login', clock),
  );
  expect(await open().directory.of({ kind: 'linear', user: 'lin-1' })).toMatchObject({ id: 'ann' });
  await expect(db.force(`UPDATE identities SET person = 'ben' WHERE id = '${linked?.id}'`)).rejects.toThrow('changes once');
  await expect(db.force('DELETE FROM identities')).rejects.toThrow('append-only');
});
