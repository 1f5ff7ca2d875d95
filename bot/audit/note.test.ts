import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { noteKey, noteSigner, parseNote, parseVerifier, signedBy, signNote, verifierText } from './note.ts';

/** Key and note of the reference implementation, golang.org/x/mod/sumdb/note; the private key is a published example. */
const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
const signer = noteSigner('PeterNeumann', createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
const verifier = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

const opened = (value: string) => {
  const parsed = parseNote(value);
  if (parsed === null) throw new Error('no note');
  return parsed;
};

describe('the reference note', () => {
  test('is signed to the same bytes, with the same verifier key', () => {
    expect(signNote(text, signer)).toBe(note);
    expect(verifierText(signer)).toBe(verifier);
  });

  test('is verified by that key, and by no other', () => {
    const key = parseVerifier(verifier);
    const other = noteKey('PeterNeumann', generateKeyPairSync('ed25519').publicKey);
    if (key === null) throw new Error('no key');
    expect(signedBy(opened(note), [key])).toBe('good');
    expect(signedBy(opened(note), [other])).toBe('unknown');
    expect(signedBy(opened(note), [{ ...other, id: key.id }])).toBe('bad');
    expect(signedBy(opened(note.replace('cryptography', 'cryptographY')), [key])).toBe('bad');
    expect(signedBy(opened(note), [other, key])).toBe('good');
  });
});

test.each([
  ['no signature', 'text\n'],
  ['no blank line', 'text\n— a AAAAAAAA\n'],
  ['no line feed at the end', note.slice(0, -1)],
  ['another dash', note.replace('—', '--')],
  ['a line that is no signature', `${note}more\n`],
  ['a control character', note.replace('If', 'If\r')],
  ['no text', '\n\n— a AAAAAAAA\n'],
])('%s is no note', (_, value) => {
  expect(parseNote(value)).toBeNull();
});

test.each(['PeterNeumann', verifier.replace('c74f20a3', 'c74f20a4'), verifier.replace('+ARpc', '+AhpC'), `x ${verifier}`])(
  '%s is no verifier key',
  (value) => {
    expect(parseVerifier(value)).toBeNull();
  },
);

describe('a checkpoint', () => {
  const checkpoint = { origin: 'watchkeeper/test', size: 5, root: 'ab'.repeat(32) };

  test('is read as it was signed', () => {
    const signed = signCheckpoint(checkpoint, signer);
    expect(signed.split('\n').slice(0, 3)).toEqual(['watchkeeper/test', '5', 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=']);
    expect(parseCheckpoint(signed)).toMatchObject(checkpoint);
  });

  test('of the specification is read', () => {
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n';
    expect(parseCheckpoint(example)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
  });

  test.each(['a\n05\nX', 'a\n-1\nX', 'a\n5\nshort', '\n5\nX', 'a\n5\nX\n\nmore'])('%j is none', (lines) => {
    const body = lines.replace('X', Buffer.alloc(32, 1).toString('base64'));
    expect(parseCheckpoint(signNote(`${body}\n`, signer))).toBeNull();
  });
});
