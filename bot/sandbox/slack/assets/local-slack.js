// The page of the local Slack. The server renders everything; this file sends what people do and puts fragments into place.

const { user, handle, channel } = document.body.dataset;
const live = document.getElementById('live');
const notice = document.getElementById('notice');
const modal = document.getElementById('modal');
const confirmDialog = document.getElementById('confirm');

function threadPane() {
  return document.querySelector('[data-testid="thread"]');
}

function listOf(pane) {
  return (pane === 'thread' ? threadPane() : document.querySelector('main'))?.querySelector('.messages') ?? null;
}

async function fragment(path, query) {
  const response = await fetch(`/page/${path}?${new URLSearchParams({ as: handle, channel, ...query })}`);
  if (response.status !== 200) return null;
  const template = document.createElement('template');
  template.innerHTML = await response.text();
  return template.content;
}

function warn(message) {
  notice.textContent = message;
  notice.hidden = false;
  setTimeout(() => {
    notice.hidden = true;
  }, 8000);
}

/** Answers the JSON of a success, and null (after telling the person) otherwise. */
async function send(path, body, tell = warn) {
  try {
    const response = await fetch(`/ui/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user, ...body }),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    tell(answer.message ?? 'That did not work.');
  } catch {
    tell('The local Slack does not answer. Is it still running?');
  }
  return null;
}

function nearEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 120;
}

function toEnd(list) {
  if (list !== null) list.scrollTop = list.scrollHeight;
}

/** Puts a message in its place by time, replacing an older rendering of it. Keeps the focus where it was. */
function place(list, item) {
  const ts = item.dataset.ts;
  const old = list.querySelector(`[data-testid="message"][data-ts="${ts}"]`);
  if (old !== null) {
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(item);
    if (hadFocus) list.focus();
    return;
  }
  const follow = nearEnd(list);
  const later = [...list.querySelectorAll('[data-testid="message"]')].find((other) => other.dataset.ts > ts);
  list.insertBefore(item, later ?? null);
  document.querySelector('.empty')?.remove();
  if (follow) toEnd(list);
}

async function show(pane, ts) {
  const list = listOf(pane);
  const item = list === null ? null : ((await fragment('message', { ts, pane }))?.querySelector('[data-testid="message"]') ?? null);
  if (item === null) return null;
  place(list, item);
  return item;
}

function announce(item, change) {
  const label = item?.querySelector('article')?.getAttribute('aria-label');
  if (label !== undefined && label !== null) live.textContent = `${change} from ${label}`;
}

async function onMessage(event, change) {
  if (event.channel !== channel) {
    document.querySelector(`.sidebar [data-channel="${event.channel}"]`)?.classList.add('unread');
    return;
  }
  const inThread = threadPane()?.dataset.threadTs === event.thread_ts;
  const shown = [await show('main', event.ts), inThread ? await show('thread', event.ts) : null];
  // The root of the thread tells the number of replies.
  if (event.thread_ts !== event.ts) await show('main', event.thread_ts);
  announce(shown.find((item) => item !== null) ?? null, change);
}

function onDeleted(event) {
  for (const item of document.querySelectorAll(`[data-testid="message"][data-ts="${event.ts}"]`)) item.remove();
}

async function openThread(threadTs) {
  const content = await fragment('thread', { thread_ts: threadTs });
  const pane = content?.querySelector('[data-testid="thread"]');
  if (pane === null || pane === undefined) return;
  const before = threadPane();
  if (before === null) document.querySelector('.panes').append(pane);
  else before.replaceWith(pane);
  toEnd(listOf('thread'));
  pane.querySelector('textarea').focus();
  remember(threadTs);
}

function closeThread() {
  const pane = threadPane();
  const opener = document.querySelector(`main [data-testid="open-thread"][data-thread-ts="${pane?.dataset.threadTs}"]`);
  pane?.remove();
  remember(null);
  opener?.focus();
}

/** The address leads back to what is on screen. */
function remember(threadTs) {
  const address = new URL(location.href);
  if (threadTs === null) address.searchParams.delete('thread_ts');
  else address.searchParams.set('thread_ts', threadTs);
  history.replaceState(null, '', address);
}

async function showOlder(button) {
  const list = button.closest('.messages');
  const thread = button.closest('[data-testid="thread"]');
  const query = { before: button.dataset.before, ...(thread === null ? {} : { thread_ts: thread.dataset.threadTs }) };
  const older = await fragment('messages', query);
  if (older === null) return;
  const height = list.scrollHeight;
  button.closest('li').replaceWith(older);
  list.scrollTop += list.scrollHeight - height;
}

async function submitText(form) {
  const field = form.querySelector('textarea');
  const text = field.value.trim();
  if (text === '') return;
  const threadTs = form.dataset.threadTs;
  const [, command, rest] = /^(\/[a-z][a-z0-9-]*)\s*([\s\S]*)$/.exec(text) ?? [];
  const sent =
    command !== undefined && threadTs === undefined
      ? await send('commands', { channel, command, text: rest })
      : await send('messages', { channel, text, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) });
  if (sent === null) return;
  field.value = '';
  toEnd(listOf(threadTs === undefined ? 'main' : 'thread'));
}

/** Asks as the app wished; settles with whether to go on. */
function ask(data) {
  confirmDialog.replaceChildren();
  const title = Object.assign(document.createElement('h2'), { id: 'confirm-title', textContent: data.confirmTitle });
  const text = Object.assign(document.createElement('p'), { textContent: data.confirmText });
  const no = Object.assign(document.createElement('button'), { type: 'button', className: 'button default', textContent: data.confirmNo });
  const yes = Object.assign(document.createElement('button'), {
    type: 'button',
    className: `button ${data.confirmStyle}`,
    textContent: data.confirmYes,
  });
  no.dataset.testid = 'confirm-no';
  yes.dataset.testid = 'confirm-yes';
  const row = Object.assign(document.createElement('div'), { className: 'modal-actions' });
  row.append(no, yes);
  confirmDialog.append(title, text, row);
  confirmDialog.returnValue = 'no';
  no.onclick = () => confirmDialog.close('no');
  yes.onclick = () => confirmDialog.close('yes');
  confirmDialog.showModal();
  return new Promise((resolve) =>
    confirmDialog.addEventListener('close', () => resolve(confirmDialog.returnValue === 'yes'), { once: true }),
  );
}

function valuesOf(form) {
  const values = {};
  for (const field of form.querySelectorAll('[data-testid="modal-input"]')) {
    values[field.dataset.blockId] ??= {};
    const block = values[field.dataset.blockId];
    const action = field.dataset.actionId;
    if (field.type === 'checkbox') block[action] = [...(block[action] ?? []), ...(field.checked ? [field.value] : [])];
    else if (field.type === 'radio') block[action] = field.checked ? field.value : (block[action] ?? '');
    else if (field.multiple) block[action] = [...field.selectedOptions].map((option) => option.value);
    else block[action] = field.value;
  }
  return values;
}

function chosenValue(element) {
  if (element.dataset.value !== undefined) return element.dataset.value;
  if (element.type === 'checkbox') return [...element.closest('.choices').querySelectorAll('input:checked')].map((box) => box.value);
  if (element.multiple) return [...element.selectedOptions].map((option) => option.value);
  return element.value;
}

async function act(element) {
  if (element.dataset.confirmTitle !== undefined && !(await ask(element.dataset))) return;
  const { actionId, blockId } = element.dataset;
  const form = element.closest('[data-view-id]');
  const where =
    form === null
      ? { channel, ts: element.closest('[data-testid="message"]').dataset.ts }
      : { view_id: form.dataset.viewId, values: valuesOf(form) };
  element.setAttribute('aria-busy', 'true');
  await send('actions', { ...where, action_id: actionId, block_id: blockId, value: chosenValue(element) });
  element.removeAttribute('aria-busy');
}

async function showModal() {
  const content = await fragment('view', {});
  if (content === null) return modal.close();
  modal.replaceChildren(content);
  if (!modal.open) modal.showModal();
  modal.querySelector('input, textarea, select')?.focus();
}

async function submitModal(form) {
  const fail = (message) => {
    form.querySelector('[data-testid="modal-failure"]').textContent = message;
  };
  fail('');
  const submit = form.querySelector('[type="submit"]');
  submit.disabled = true;
  const answer = await send(`views/${form.dataset.viewId}/submit`, { values: valuesOf(form) }, fail);
  submit.disabled = false;
  if (answer?.outcome !== 'errors') return;
  for (const place of form.querySelectorAll('[data-error-for]')) place.textContent = answer.errors[place.dataset.errorFor] ?? '';
  for (const field of form.querySelectorAll('[data-testid="modal-input"]'))
    field.setAttribute('aria-invalid', String(answer.errors[field.dataset.blockId] !== undefined));
  form.querySelector('[aria-invalid="true"]')?.focus();
}

function closeModal() {
  const form = modal.querySelector('form');
  if (form !== null) void send(`views/${form.dataset.viewId}/close`, {});
}

function onClick(event) {
  const target = event.target.closest('[data-testid]');
  switch (target?.dataset.testid) {
    case 'open-thread':
      return openThread(target.dataset.threadTs);
    case 'close-thread':
      return closeThread();
    case 'older':
      return showOlder(target);
    case 'modal-close':
      return closeModal();
    case 'global-shortcut':
      return send('shortcuts', { callback_id: target.dataset.callbackId });
    case 'message-shortcut':
      return send('shortcuts', {
        callback_id: target.dataset.callbackId,
        channel,
        ts: target.closest('[data-testid="message"]').dataset.ts,
      });
    case 'action':
      return target.matches('button, a') ? act(target) : undefined;
    default:
      return undefined;
  }
}

function onSubmit(event) {
  event.preventDefault();
  const form = event.target;
  return form.classList.contains('composer') ? submitText(form) : submitModal(form);
}

function onChange(event) {
  const target = event.target;
  if (target.id === 'person') {
    const address = new URL(location.href);
    address.searchParams.set('as', target.value);
    if (channel.startsWith('D')) for (const key of ['channel', 'thread_ts']) address.searchParams.delete(key);
    location.assign(address);
  } else if (target.dataset.testid === 'action') void act(target);
}

/** Enter sends, Shift+Enter makes a new line, as in Slack. */
function onKey(event) {
  const form = event.target.closest?.('.composer');
  if (
    form === null ||
    form === undefined ||
    event.key !== 'Enter' ||
    event.shiftKey ||
    event.isComposing ||
    event.target.tagName !== 'TEXTAREA'
  )
    return;
  event.preventDefault();
  form.requestSubmit();
}

async function reloadHome() {
  const place = document.getElementById('home');
  if (place === null) return;
  const content = await fragment('home', {});
  if (content !== null) place.replaceChildren(content);
}

/** Catches up after the stream was away. */
async function refresh() {
  const main = listOf('main');
  const content = main === null ? null : await fragment('messages', {});
  for (const item of content?.querySelectorAll('[data-testid="message"]') ?? []) place(main, item);
  const thread = threadPane();
  const replies = thread === null ? null : await fragment('messages', { thread_ts: thread.dataset.threadTs });
  for (const item of replies?.querySelectorAll('[data-testid="message"]') ?? []) place(listOf('thread'), item);
}

/** One after the other: two changes of a message must not overtake each other. */
function createQueue() {
  let queue = Promise.resolve();
  return (work) => {
    queue = queue.then(work).catch(() => warn('The page could not show a change. Reload it.'));
  };
}

function listen() {
  const enqueue = createQueue();
  const stream = new EventSource(`/ui/events?user=${encodeURIComponent(user)}`);
  const on = (type, handler) => stream.addEventListener(type, (event) => enqueue(() => handler(JSON.parse(event.data))));
  let lost = false;
  on('message', (event) => onMessage(event, 'New message'));
  on('ephemeral', (event) => onMessage(event, 'Message only visible to you'));
  on('message_changed', (event) => onMessage(event, 'Updated message'));
  on('message_deleted', onDeleted);
  for (const type of ['view_opened', 'view_updated', 'view_closed']) on(type, showModal);
  on('home_published', reloadHome);
  on('status', (event) => {
    const thread = threadPane();
    if (thread?.dataset.threadTs === event.thread_ts)
      thread.querySelector('.status').textContent = event.status === '' ? '' : `Watchkeeper ${event.status}`;
  });
  stream.addEventListener('error', () => {
    lost = true;
  });
  stream.addEventListener('open', () => {
    document.body.dataset.live = 'yes';
    if (lost) enqueue(refresh);
    lost = false;
  });
}

document.addEventListener('click', onClick);
document.addEventListener('submit', onSubmit);
document.addEventListener('change', onChange);
document.addEventListener('keydown', onKey);
modal.addEventListener('cancel', (event) => {
  event.preventDefault();
  closeModal();
});
toEnd(listOf('main'));
toEnd(listOf('thread'));
listen();
void showModal();
if (channel.startsWith('D')) void send('home', { tab: document.body.dataset.home === undefined ? 'messages' : 'home' });
