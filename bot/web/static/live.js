/** Keeps the page of an incident or plan up to date: new entries come by themselves, and what they change is asked for again. */

const list = document.getElementById('entries');
const state = document.getElementById('live-state');

/** @param {'live' | 'lost' | 'busy' | 'over' | 'stale'} how @param {string} text */
function say(how, text) {
  if (state === null || state.textContent === text) return;
  state.textContent = text;
  state.dataset.state = how;
}

/** @param {string} html */
function parse(html) {
  return new DOMParser().parseFromString(html, 'text/html');
}

/** What a person has opened, typed, or stands in, stays as it is. @param {Element} old @param {Element} fresh */
function replace(old, fresh) {
  const typed = [...old.querySelectorAll('textarea')].some(({ value }) => value !== '');
  if (typed || old.isEqualNode(fresh) || old.contains(document.activeElement)) return;
  const open = [...old.querySelectorAll('details')].map((details) => details.open);
  [...fresh.querySelectorAll('details')].forEach((details, index) => {
    details.open = open[index] ?? false;
  });
  old.replaceWith(document.importNode(fresh, true));
}

async function refresh() {
  const response = await fetch(state?.dataset.page ?? location.href, { headers: { accept: 'text/html', 'x-watchkeeper-refresh': '1' } });
  if (!response.ok || response.redirected) return;
  const page = parse(await response.text());
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(old.id);
    if (fresh !== null) replace(old, fresh);
  }
  document.dispatchEvent(new Event('watchkeeper:refreshed'));
}

let waiting = 0;
/** Several entries at once are one change. */
function refreshSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => refresh().catch(() => say('stale', 'This page could not be brought up to date. Reload it.')), 300);
}

/** Seconds between two tries: the first, and the longest. */
const [soon, late] = [2, 60];
let tries = 0;
let after = state?.dataset.after ?? '0';
/** @type {EventSource | null} */
let source = null;
let again = 0;

/** The browser has given up, or the server asks for that. @param {'lost' | 'busy'} how @param {string} why */
function later(how, why) {
  source?.close();
  const seconds = Math.min(late, soon * 2 ** tries);
  tries += 1;
  say(how, `${why} This page stands still; it tries again every ${seconds === late ? 'minute' : 'few seconds'}.`);
  clearTimeout(again);
  // Not all pages at once.
  again = setTimeout(connect, seconds * 1_000 * (0.75 + Math.random() / 2));
}

/** @param {MessageEvent<string>} message */
function add(message) {
  after = message.lastEventId;
  for (const item of list === null ? [] : parse(message.data).querySelectorAll('li')) {
    if (document.getElementById(item.id) === null) list.append(document.importNode(item, true));
  }
  refreshSoon();
}

const busy = {
  own: 'You have too many pages open that follow an incident: close some.',
  all: 'Too many people follow incidents now.',
};

function connect() {
  clearTimeout(again);
  const opened = new EventSource(`${state?.dataset.events}?after=${after}`);
  source = opened;
  opened.addEventListener('live', () => {
    tries = 0;
    document.documentElement.dataset.live = 'yes';
    say('live', 'Live: new entries appear by themselves.');
  });
  opened.addEventListener('error', () => {
    // Connecting: the browser tries again by itself.
    if (opened.readyState === EventSource.CLOSED) later('lost', 'The connection to the server is lost.');
    else if (state?.dataset.state === 'live') say('lost', 'The connection to the server is lost. This page stands still; it tries again.');
  });
  opened.addEventListener('entry', add);
  opened.addEventListener('busy', ({ data }) => later('busy', data === 'own' ? busy.own : busy.all));
  opened.addEventListener('over', () => {
    opened.close();
    say('over', 'Your session has ended. Reload the page to sign in again.');
  });
}

if (state?.dataset.events !== undefined) {
  connect();
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', ({ persisted }) => persisted && connect());
  addEventListener('online', () => state.dataset.state === 'lost' && connect());
}
