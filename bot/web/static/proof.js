/** Checks in this browser that an entry is in the signed log: RFC 9162, 2.1.3.2, and c2sp.org/tlog-checkpoint. */

const proof = document.getElementById('proof');
const result = document.getElementById('proof-result');
const button = document.getElementById('proof-check');

/** @param {string} text */
const utf8 = (text) => new TextEncoder().encode(text);
/** @param {string} text */
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
/** @param {ArrayBuffer} buffer */
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
/** @param {string} text */
const unbase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** @param {...Uint8Array} parts */
async function sha256(...parts) {
  return hex(await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer()));
}

/** @param {string} left @param {string} right */
const node = (left, right) => sha256(Uint8Array.of(1), unhex(left), unhex(right));
const half = (n) => Math.floor(n / 2);

/** The root to which the path leads; null: the path is too long or too short. @param {string} leaf @param {number} index @param {number} size @param {string[]} path */
async function rootOf(leaf, index, size, path) {
  let [at, last, hash] = [index, size - 1, leaf];
  for (const next of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = await node(next, hash);
      for (; at % 2 === 0 && at !== 0; last = half(last)) at = half(at);
    } else hash = await node(hash, next);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? hash : null;
}

/** @param {string} note */
function parseNote(note) {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const [origin = '', size = '', root = ''] = text.split('\n');
  const signatures = note
    .slice(end + 2)
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, name = '', encoded = '']) => ({ name, bytes: unbase64(encoded) }));
  return { text, origin, size: Number(size), root: hex(unbase64(root).buffer), signatures };
}

/** `name+id+key` @param {ReturnType<typeof parseNote>} note @param {string} verifier */
async function isSigned(note, verifier) {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(verifier.trim()) ?? [];
  const typed = encoded === '' ? new Uint8Array() : unbase64(encoded);
  if (typed.length !== 33 || typed[0] !== 1 || name !== note.origin) return false;
  if ((await sha256(utf8(`${name}\n`), typed)).slice(0, 8) !== id) return false;
  const key = await crypto.subtle.importKey('raw', typed.slice(1), 'Ed25519', false, ['verify']);
  const own = note.signatures.find((one) => one.name === name && hex(one.bytes.slice(0, 4).buffer) === id);
  return own !== undefined && crypto.subtle.verify('Ed25519', key, own.bytes.slice(4), utf8(note.text));
}

/** @param {string} body */
async function wordsHold(body) {
  const { data } = JSON.parse(body);
  for (const item of document.querySelectorAll('#proof-words li')) {
    const { field = '', salt = '', value = '' } = item instanceof HTMLElement ? item.dataset : {};
    if ((await sha256(unhex(salt), utf8(value))) !== data[field]?.commitment) return false;
  }
  return true;
}

/** @param {string} text @param {boolean | null} good null: it could not be told. */
function say(text, good) {
  const chip = document.createElement('span');
  chip.className = `chip ${good === null ? 'warn' : good ? 'ok' : 'bad'}`;
  chip.textContent = good === null ? 'Not checked' : good ? 'Holds' : 'Does not hold';
  const item = document.createElement('li');
  item.append(chip, ` ${text}`);
  result?.append(item);
}

/** @param {string} text @param {() => Promise<boolean>} check */
async function step(text, check) {
  try {
    say(text, await check());
  } catch (error) {
    const unknown = error instanceof DOMException && error.name === 'NotSupportedError';
    say(unknown ? `${text}: this browser knows no Ed25519` : text, unknown ? null : false);
  }
}

async function check() {
  if (proof === null || result === null) return;
  const { body = '', leaf = '', index = '', size = '', hashes = '', note = '' } = proof.dataset;
  const key = document.getElementById('proof-key');
  const checkpoint = parseNote(note);
  result.replaceChildren();
  result.dataset.done = 'no';
  await step('What is shown here has the hash of the leaf', async () => (await sha256(Uint8Array.of(0), utf8(body))) === leaf);
  await step('The words are those to which the entry commits', () => wordsHold(body));
  await step('The path leads from the leaf to the root of the signed checkpoint', async () => {
    const root = await rootOf(leaf, Number(index), Number(size), hashes === '' ? [] : hashes.split(' '));
    return root === checkpoint.root && checkpoint.size === Number(size);
  });
  await step('The checkpoint is signed by this key', () => isSigned(checkpoint, key instanceof HTMLInputElement ? key.value : ''));
  result.dataset.done = 'yes';
}

if (proof !== null && button !== null) {
  document.getElementById('proof-form')?.addEventListener('submit', (event) => {
    event.preventDefault();
    void check();
  });
  if (globalThis.crypto?.subtle === undefined)
    say('This address is neither https nor this machine’s own: the browser offers no check here', null);
  else {
    button.hidden = false;
    void check();
  }
}
