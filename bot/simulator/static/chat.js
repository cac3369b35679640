'use strict';
// The page's movements: whoever is chosen, typing, tapping, the clock, the switchboard; the feed brings the rest.

const byId = id => document.getElementById(id);
const all = selector => [...document.querySelectorAll(selector)];
const chat = { user: '', version: 0, menu: '', busy: false, turn: 0, atEnd: true };

async function post(path, body) {
  const sent = body instanceof FormData
    ? { method: 'POST', headers: { 'X-Sim': '1' }, body: body }
    : { method: 'POST', headers: { 'X-Sim': '1', 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(path, sent);
  return answer.ok ? answer.json() : {};
}

async function waiting(work) {
  byId('wait').hidden = false;
  try { await work; } finally { byId('wait').hidden = true; }
  await refresh();
}

function show(view) {
  const log = byId('log');
  // On a phone only one of the three is seen. What comes meanwhile has no height: whoever stood at the end comes back to the end.
  if (log.clientHeight) chat.atEnd = isAtEnd(log);
  document.body.dataset.view = view;
  if (log.clientHeight && chat.atEnd) log.scrollTop = log.scrollHeight;
  for (const tab of all('.tabs button')) tab.setAttribute('aria-pressed', String(tab.dataset.view === view));
}

function choose(person) {
  chat.user = person.dataset.user;
  chat.version = 0;
  chat.turn += 1;
  document.cookie = 'sim_user=' + encodeURIComponent(chat.user) + '; path=/; SameSite=Lax';
  all('.person').forEach(other => other.setAttribute('aria-current', String(other === person)));
  all('.examples').forEach(box => { box.hidden = box.dataset.for !== chat.user; });
  byId('choose').hidden = byId('welcome').hidden = true;
  byId('name').textContent = person.dataset.name;
  byId('role').textContent = [person.dataset.role, person.dataset.unit].filter(Boolean).join(' · ');
  byId('text').disabled = byId('send').disabled = false;
  byId('log').replaceChildren();
  chat.atEnd = true;
  show('phone');
  byId('text').focus();
  refresh();
}

function isAtEnd(log) {
  return log.scrollHeight - log.scrollTop - log.clientHeight < 80;
}

function draw(lines) {
  const log = byId('log');
  const atEnd = isAtEnd(log);
  for (const line of lines) {
    const drawn = drawLine(line);
    const old = byId('line' + line.id);
    if (old) old.replaceWith(drawn); else log.append(drawn);
    // A photo has no height until it is there; whoever stood at the end stays at it.
    if (atEnd) for (const photo of drawn.querySelectorAll('img')) photo.addEventListener('load', () => { log.scrollTop = log.scrollHeight; });
  }
  if (lines.length && atEnd) log.scrollTop = log.scrollHeight;
}

function drawMenu(menu) {
  const key = JSON.stringify(menu);
  if (key === chat.menu) return;
  chat.menu = key;
  const entry = item => make('button', { type: 'button', 'data-menu': item.key, 'data-url': webAddress(item.url) }, item.name);
  byId('menu').replaceChildren(...menu.map(item => item.sub_button && item.sub_button.length
    ? make('details', {}, make('summary', {}, '≡ ' + item.name), make('div', { class: 'subs' }, ...item.sub_button.map(entry)))
    : entry(item)));
  byId('menu').hidden = !menu.length;
}

function drawBadges(unread) {
  for (const person of all('.person')) {
    const badge = person.querySelector('.badge');
    const count = person.dataset.user === chat.user ? 0 : unread[person.dataset.user] || 0;
    badge.hidden = !count;
    badge.textContent = count > 99 ? '99+' : count;
    badge.setAttribute('aria-label', count + '条未看');
  }
  const waiting = all('.person').filter(person => !person.querySelector('.badge').hidden);
  byId('dot').hidden = !waiting.length;
  const next = waiting[0];
  byId('next').hidden = !next || !chat.user;
  if (next) {
    byId('next').textContent = '轮到' + next.dataset.name + (waiting.length > 1 ? '等' + waiting.length + '人' : '') + ' ›';
    byId('next').dataset.next = next.dataset.user;
  }
}

function drawFaults(on, feed) {
  for (const row of all('.fault')) {
    row.querySelector('[data-times=""]').setAttribute('aria-pressed', String(on[row.dataset.fault] === null));
    row.querySelector('[data-times="1"]').setAttribute('aria-pressed', String(on[row.dataset.fault] > 0));
  }
  byId('notes').textContent = [
    feed.dropped ? '超过每分钟30条、被企业微信丢掉的消息：' + feed.dropped : '', ...feed.warnings.map(w => '过长：' + w),
  ].filter(Boolean).join('；');
}

function drawNow(now) {
  if (now) byId('now').textContent = moment(now);
}

async function refresh() {
  if (chat.busy) return;
  chat.busy = true;
  const user = chat.user, turn = chat.turn;
  try {
    const looking = user && !document.hidden ? '&look' : '';
    const answer = await fetch('/_sim/feed?user=' + encodeURIComponent(user) + '&after=' + chat.version + looking);
    const feed = await answer.json();
    // Asked before the phone was taken up (again): it tells what was new then, of a log that has been emptied since.
    if (turn !== chat.turn) return;
    draw(feed.lines);
    chat.version = feed.version;
    drawBadges(feed.unread);
    drawMenu(feed.menu);
    drawFaults(feed.faults, feed);
    drawNow(feed.now);
  } catch (error) {
    byId('now').textContent = '连不上模拟器，正在重试……';
  } finally {
    chat.busy = false;
    if (turn !== chat.turn) refresh();
  }
}

function sendText(text) {
  if (!chat.user || !text.trim()) return;
  show('phone');
  const work = post('/_sim/say', { user: chat.user, text: text });
  setTimeout(refresh, 60);
  waiting(work).then(() => { byId('log').scrollTop = byId('log').scrollHeight; });
}

function press(button) {
  if (button.dataset.url) { window.open(button.dataset.url, '_blank', 'noopener'); return; }
  const selected = {};
  for (const select of button.closest('.card').querySelectorAll('select')) selected[select.dataset.question] = [select.value];
  button.closest('.keys').querySelectorAll('button').forEach(other => { other.disabled = true; });
  waiting(post('/_sim/press', {
    user: chat.user, line: Number(button.dataset.line), key: button.dataset.key, selected: selected,
  }));
}

function pickMenu(button) {
  const details = button.closest('details');
  if (details) details.open = false;
  if (button.dataset.url) { window.open(button.dataset.url, '_blank', 'noopener'); return; }
  waiting(post('/_sim/menu', { user: chat.user, key: button.dataset.menu }));
}

async function turn(button) {
  const buttons = all('[data-clock]');
  buttons.forEach(other => { other.disabled = true; });
  byId('turning').textContent = '时间在走……';
  const answer = await post('/_sim/clock', { to: button.dataset.clock });
  byId('turning').textContent = answer.ok ? '' : '时钟没有拨动，请稍后再试。';
  buttons.forEach(other => { other.disabled = false; });
  drawNow(answer.now);
  refresh();
}

async function breakIt(button) {
  const row = button.closest('.fault');
  const on = button.getAttribute('aria-pressed') === 'true';
  const times = on ? 0 : button.dataset.times ? Number(button.dataset.times) : null;
  const body = { name: row.dataset.fault, times: times };
  if (row.dataset.fault === 'errcode') body.errcode = Number(byId('code').value);
  await post('/_sim/faults', body);
  refresh();
}

document.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button || button.disabled) return;
  if (button.classList.contains('person')) choose(button);
  else if (button.dataset.next) {
    const person = all('.person').find(other => other.dataset.user === button.dataset.next);
    person.scrollIntoView({ block: 'nearest' });
    choose(person);
  }
  else if (button.dataset.view) show(button.dataset.view);
  else if (button.dataset.say) sendText(button.dataset.say);
  else if (button.dataset.key || button.closest('.keys')) press(button);
  else if (button.closest('#menu')) pickMenu(button);
  else if (button.dataset.clock) turn(button);
  else if (button.closest('.fault')) breakIt(button);
  else if (button.dataset.extra && chat.user) waiting(post('/_sim/' + button.dataset.extra, { user: chat.user }));
  else if (button.id === 'calm') post('/_sim/faults', { clear: true }).then(refresh);
  else if (button.id === 'more') {
    byId('extras').hidden = !byId('extras').hidden;
    button.setAttribute('aria-expanded', String(!byId('extras').hidden));
  }
});

byId('say').addEventListener('submit', event => {
  event.preventDefault();
  sendText(byId('text').value);
  byId('text').value = '';
});

byId('text').addEventListener('keydown', event => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId('say').requestSubmit();
  }
});

byId('file').addEventListener('change', event => {
  const file = event.target.files[0];
  if (!file || !chat.user) return;
  const form = new FormData();
  form.append('user', chat.user);
  form.append('file', file);
  event.target.value = '';
  waiting(post('/_sim/file', form));
});

async function tick() {
  await refresh();
  setTimeout(tick, document.hidden ? 5000 : 1200);
}

async function askClock() {
  if (!all('[data-clock]').length) return;
  const answer = await fetch('/_sim/clock').then(got => got.json()).catch(() => ({}));
  drawNow(answer.now);
  setTimeout(askClock, 10000);
}

tick();
askClock();
