/** The evidence graph: its size, what is selected and told beside it, and the keys that walk along its lines. */

let scale = 1;
const [least, legible, most] = [0.25, 0.75, 4];
/** It follows the room that it has, but gets no smaller than this: so it starts. Null: somebody has chosen a size. @type {number | null} */
let smallest = legible;
/** Number of the node that is selected; '': none. */
let selected = '';
/** Relations whose lines are hidden. @type {Set<string>} */
const hidden = new Set();
/** What observations hold, by their address. @type {Map<string, Promise<Element[]>>} */
const read = new Map();

const graph = () => document.querySelector('svg#evidence-graph');
/** @param {string} number */
const nodeOf = (number) => graph()?.querySelector(`a[data-node="${number}"]`) ?? null;
const edges = () =>
  [...(graph()?.querySelectorAll('[data-from]') ?? [])].filter((one) => !hidden.has(one.getAttribute('data-relation') ?? ''));

function draw() {
  const svg = graph();
  if (!(svg instanceof SVGSVGElement)) return;
  const { width, height } = svg.viewBox.baseVal;
  svg.setAttribute('width', String(Math.round(width * scale)));
  svg.setAttribute('height', String(Math.round(height * scale)));
}

/** At the size at which all of it is to be seen, never above its own. */
function follow() {
  if (smallest === null) return draw();
  const [svg, room] = [graph(), document.querySelector('.graph')];
  if (!(svg instanceof SVGSVGElement) || room === null) return;
  const { width, height } = svg.viewBox.baseVal;
  // The room grows with what is in it, up to a limit.
  scale = 1;
  draw();
  scale = Math.max(smallest, Math.min(1, room.clientWidth / width, room.clientHeight / height));
  draw();
}

/** Where not all of it is to be seen, what matters is. */
function show() {
  const room = document.querySelector('.graph');
  const node = nodeOf(selected) ?? graph()?.querySelector('[data-start]');
  if (room === null || !node) return;
  const [at, view] = [middle(node), middle(room)];
  room.scrollBy({ left: at.x - view.x, top: at.y - view.y, behavior: 'instant' });
}

/** @param {string} how A factor; `0`: the size as drawn; `fit`: all of it. */
function zoom(how) {
  smallest = how === 'fit' ? least : null;
  if (how === 'fit') return follow();
  scale = Number(how) === 0 ? 1 : Math.min(most, Math.max(least, scale * Number(how)));
  draw();
}

/** Its own words, from its own page. @param {string} address */
async function fetched(address) {
  const response = await fetch(address, { headers: { accept: 'text/html', 'x-watchkeeper-refresh': '1' } });
  if (!response.ok || response.redirected) throw new Error('it is not there');
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  return ['#stdout pre', '#output pre', '#stderr pre'].flatMap((part) => page.querySelector(part) ?? []).slice(0, 1);
}

/** @param {Element} item @param {Element} into */
async function addRead(item, into) {
  const address = item.getAttribute('data-read');
  if (address === null) return;
  const answer = read.get(address) ?? fetched(address);
  read.set(address, answer);
  try {
    const parts = await answer;
    if (into.getAttribute('data-shows') === item.id) into.append(...parts.map((part) => document.importNode(part, true)));
  } catch {
    read.delete(address);
  }
}

/** Ids are those of the list, where they stay. @param {Element} item @param {Element} into */
function tell(item, into) {
  into.setAttribute('data-shows', item.id);
  into.replaceChildren(...[...item.childNodes].map((part) => part.cloneNode(true)));
  void addRead(item, into);
}

/** @param {string} number */
function select(number) {
  selected = number;
  for (const node of graph()?.querySelectorAll('a[data-node]') ?? []) {
    const is = node.getAttribute('data-node') === number;
    node.classList.toggle('on', is);
    node.setAttribute('tabindex', is || (number === '' && node === graph()?.querySelector('a[data-node]')) ? '0' : '-1');
  }
  for (const edge of graph()?.querySelectorAll('[data-from]') ?? [])
    edge.classList.toggle('on', [edge.getAttribute('data-from'), edge.getAttribute('data-to')].includes(number));
  const item = document.getElementById(`node-${number}`);
  const detail = document.getElementById('graph-detail');
  if (item !== null && detail !== null && detail.getAttribute('data-shows') !== item.id) tell(item, detail);
}

/** @param {Element} node */
function middle(node) {
  const { left, right, top, bottom } = node.getBoundingClientRect();
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** Along the lines to the right or left; up and down to what stands above or below. @param {Element} node @param {string} key */
function neighbour(node, key) {
  const [own, at] = [node.getAttribute('data-node') ?? '', middle(node)];
  const side = key === 'ArrowRight' ? 1 : -1;
  const linked = new Set(
    edges().flatMap((edge) => {
      const ends = [edge.getAttribute('data-from') ?? '', edge.getAttribute('data-to') ?? ''];
      return ends.includes(own) ? ends.filter((end) => end !== own) : [];
    }),
  );
  const all = [...(graph()?.querySelectorAll('a[data-node]') ?? [])]
    .filter((other) => other !== node)
    .map((other) => ({ other, ...middle(other) }));
  const fits =
    key === 'ArrowRight' || key === 'ArrowLeft'
      ? all.filter(({ other, x }) => linked.has(other.getAttribute('data-node') ?? '') && (x - at.x) * side > 1)
      : all.filter(({ x, y }) => Math.abs(x - at.x) < 20 && (y - at.y) * (key === 'ArrowDown' ? 1 : -1) > 1);
  const far = (/** @type {{ x: number, y: number }} */ { x, y }) => Math.abs(x - at.x) + Math.abs(y - at.y);
  return fits.sort((one, another) => far(one) - far(another))[0]?.other ?? null;
}

function filter() {
  for (const box of document.querySelectorAll('.evidence input[type="checkbox"]')) {
    if (box instanceof HTMLInputElement) box.checked = !hidden.has(box.id.replace('relation-', ''));
  }
}

/** Again for each graph: what comes live replaces it. */
function start() {
  for (const id of ['graph-tools', 'graph-detail']) {
    const part = document.getElementById(id);
    if (part !== null) part.hidden = false;
  }
  follow();
  filter();
  select(nodeOf(selected) === null ? '' : selected);
  show();
}

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest('button[data-zoom]');
  if (button instanceof HTMLButtonElement) return zoom(button.dataset.zoom ?? '0');
  const node = target?.closest('a[data-node]');
  // By the keyboard, and with a key held down, it is a link like others.
  const plain = event.detail > 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (node && plain) {
    event.preventDefault();
    select(node.getAttribute('data-node') ?? '');
    if (node instanceof SVGElement) node.focus();
    return;
  }
  const named = target?.closest('#graph-detail a[href^="#node-"]')?.getAttribute('href')?.slice('#node-'.length);
  const next = named === undefined ? null : nodeOf(named);
  if (!(next instanceof SVGElement)) return;
  event.preventDefault();
  next.focus();
});

document.addEventListener('focusin', (event) => {
  const node = event.target instanceof Element ? event.target.closest('a[data-node]') : null;
  if (node !== null) select(node.getAttribute('data-node') ?? '');
});

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.id.startsWith('relation-')) return;
  const relation = target.id.replace('relation-', '');
  if (target.checked) hidden.delete(relation);
  else hidden.add(relation);
});

document.addEventListener('keydown', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target?.closest('.graph') || event.ctrlKey || event.metaKey || event.altKey) return;
  const how = { '+': '1.25', '=': '1.25', '-': '0.8', 0: '0', f: 'fit', F: 'fit' }[event.key];
  if (how !== undefined) {
    event.preventDefault();
    return zoom(how);
  }
  const node = target.closest('a[data-node]');
  if (node === null || !event.key.startsWith('Arrow')) return;
  event.preventDefault();
  const next = neighbour(node, event.key);
  if (next instanceof SVGElement) next.focus();
});

addEventListener('resize', follow);
document.addEventListener('watchkeeper:refreshed', start);
start();
