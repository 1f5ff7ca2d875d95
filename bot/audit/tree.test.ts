import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencyProof, inclusionProof, rowAt, verifyConsistency, verifyInclusion } from './proof.ts';
import { emptyRoot, grow, leafHash, leafHashWithin, subtreesOver } from './tree.ts';
import { naiveConsistency, naiveInclusion, naiveRoot, storedTree } from './tree-testing.ts';

/** Leaves, roots and proofs of transparency-dev/merkle, testonly (Apache-2.0), which it has from the Certificate Transparency code. */
const contents = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const n = {
  l0: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  l1: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  l4: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  l6: 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
  l01: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  l23: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  l45: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  l67: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  l0123: 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  l4567: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
};

const leaves = contents.map((content) => leafHash(Buffer.from(content, 'hex')));
const tree = storedTree(leaves);

describe('published vectors', () => {
  test('roots', async () => {
    for (const [size, root] of roots.entries()) expect(await tree.root(size)).toBe(root);
  });

  test.each([
    [0, 1, []],
    [0, 2, [n.l1]],
    [1, 2, [n.l0]],
    [2, 3, [n.l01]],
    [1, 5, [n.l0, n.l23, n.l4]],
    [0, 8, [n.l1, n.l23, n.l4567]],
    [5, 8, [n.l4, n.l67, n.l0123]],
  ])('inclusion of %i in %i', async (index, size, proof) => {
    expect(await inclusionProof(tree.read, index, size)).toEqual(proof);
  });

  test.each([
    [1, 1, []],
    [1, 8, [n.l1, n.l23, n.l4567]],
    [2, 5, [n.l23, n.l4]],
    [6, 7, [n.l45, n.l6, n.l0123]],
    [6, 8, [n.l45, n.l67, n.l0123]],
  ])('consistency of %i and %i', async (first, second, proof) => {
    expect(await consistencyProof(tree.read, first, second)).toEqual(proof);
  });
});

test('a leaf is hashed in place as it is beside it', () => {
  const buffer = Buffer.from('.{"a":1}.');
  expect(leafHashWithin(buffer, 1, 8)).toBe(leafHash(Buffer.from('{"a":1}')));
});

const sizes = fc.integer({ min: 1, max: 200 });
const manyLeaves = Array.from({ length: 200 }, (_, index) => leafHash(Buffer.from(String(index))));
const stored = storedTree(manyLeaves);

describe('against a tree computed as the RFC defines it', () => {
  test('roots and rows', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        expect(await stored.root(size)).toBe(naiveRoot(manyLeaves.slice(0, size)));
        expect((await rowAt(stored.read, size)).reduce((sum, { level }) => sum + 2 ** level, 0)).toBe(size);
      }),
    );
  });

  test('inclusion: the proof is the same, holds, and nothing else holds', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, at, bad) => {
        const index = at % size;
        const proof = await inclusionProof(stored.read, index, size);
        expect(proof).toEqual(naiveInclusion(manyLeaves.slice(0, size), index));
        const claim = { index, size, leaf: manyLeaves[index] ?? '', proof, root: await stored.root(size) };
        expect(verifyInclusion(claim)).toBe(true);
        const other = manyLeaves[199] === claim.leaf ? emptyRoot : (manyLeaves[199] ?? '');
        expect(verifyInclusion({ ...claim, leaf: other })).toBe(false);
        expect(verifyInclusion({ ...claim, root: emptyRoot })).toBe(false);
        expect(verifyInclusion({ ...claim, index: size })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, emptyRoot] })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [emptyRoot, ...proof] })).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
          expect(verifyInclusion({ ...claim, proof: proof.with(bad % proof.length, emptyRoot) })).toBe(false);
        }
      }),
    );
  });

  test('consistency: the proof is the same, holds, and nothing else holds', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (second, at, bad) => {
        const first = at % (second + 1);
        const proof = await consistencyProof(stored.read, first, second);
        expect(proof).toEqual(naiveConsistency(manyLeaves.slice(0, second), first));
        const [firstRoot, secondRoot] = [await stored.root(first), await stored.root(second)];
        const claim = { first, second, firstRoot, secondRoot, proof };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, proof: [...proof, emptyRoot] })).toBe(false);
        if (first === 0) return;
        expect(verifyConsistency({ ...claim, firstRoot: emptyRoot })).toBe(false);
        expect(verifyConsistency({ ...claim, secondRoot: emptyRoot })).toBe(false);
        if (first === second) return;
        expect(verifyConsistency({ ...claim, first: second, second: first })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [] })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: proof.slice(0, -1) })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: proof.with(bad % proof.length, emptyRoot) })).toBe(false);
      }),
    );
  });

  test('subtrees over a part of the leaves are those of the whole tree', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, at) => {
        const from = at % size;
        const row = await rowAt(stored.read, from);
        let end = from;
        for (const subtree of subtreesOver(manyLeaves.slice(from, size), from)) {
          end += 2 ** subtree.level;
          grow(row, subtree, end);
        }
        expect(row).toEqual(await rowAt(stored.read, size));
      }),
    );
  });

  test('a proof reads at most two hashes a level', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, at) => {
        let read = 0;
        const counted = (nodes: Parameters<typeof stored.read>[0]) => {
          read += nodes.length;
          return stored.read(nodes);
        };
        await inclusionProof(counted, at % size, size);
        expect(read).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)) + 1);
      }),
    );
  });
});
