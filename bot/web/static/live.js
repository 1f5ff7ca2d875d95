/** Keeps the page of an incident or plan up to date: new entries come by themselves, and what they change is asked for again. */

const list = document.getElementById('entries');
const state = document.getElementById('live-state');

/** @param {string} text */
function say(text) {
  if (state !== null && state.textContent !== text) state.textContent = text;
}

/** @param {string} html */
function parse(html) {
  return new DOMParser().parseFromString(html, 'text/html');
}

/** What a person has opened, or stands in, stays as it is. @param {Element} old @param {Element} fresh */
function replace(old, fresh) {
  if (old.isEqualNode(fresh) || old.contains(document.activeElement)) return;
  const open = [...old.querySelectorAll('details')].map((details) => details.open);
  [...fresh.querySelectorAll('details')].forEach((details, index) => {
    details.open = open[index] ?? false;
  });
  old.replaceWith(document.importNode(fresh, true));
}

async function refresh() {
  const response = await fetch(location.href, { headers: { accept: 'text/html', 'x-watchkeeper-refresh': '1' } });
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
  waiting = setTimeout(() => refresh().catch(() => say('This page could not be brought up to date. Reload it.')), 300);
}

/** @param {MessageEvent<string>} message */
function add(message) {
  for (const item of list === null ? [] : parse(message.data).querySelectorAll('li')) {
    if (document.getElementById(item.id) === null) list.append(document.importNode(item, true));
  }
  refreshSoon();
}

const place = document.querySelector('[data-events]');
if (place instanceof HTMLElement) {
  const { events = '', after = '0' } = place.dataset;
  const source = new EventSource(`${events}?after=${after}`);
  source.addEventListener('open', () => {
    document.documentElement.dataset.live = 'yes';
    say('Live: new entries appear by themselves.');
  });
  source.addEventListener('error', () => say('The connection broke off; trying again.'));
  source.addEventListener('entry', add);
  source.addEventListener('over', () => {
    source.close();
    say('Your session has ended. Reload the page to sign in again.');
  });
  addEventListener('pagehide', () => source.close());
}
