'use strict';
// Draws one line of a chat. Whatever the bot says enters the page as text, never as markup.

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined && value !== '') element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

// 2025-09-10T08:05 as 9月10日（周三）08:05; anything else as it is.
function moment(at) {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(at);
  if (!match) return at;
  const week = '日一二三四五六'[new Date(+match[1], match[2] - 1, +match[3]).getDay()];
  return Number(match[2]) + '月' + Number(match[3]) + '日（周' + week + '）' + match[4];
}

function webAddress(url) {
  return /^https?:\/\//.test(url || '') ? url : '';
}

function outside(url, text) {
  const address = webAddress(url);
  return address ? make('a', { href: address, target: '_blank', rel: 'noopener' }, text) : document.createTextNode(text);
}

// WeChat Work shows <a href="…">…</a> in texts, and nothing else of HTML.
function words(text) {
  const parts = [];
  const pattern = /<a href="([^"]*)">([^<]*)<\/a>/g;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index), outside(match[1], match[2]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function media(line) {
  const space = line.text.indexOf(' ');
  const id = space < 0 ? line.text : line.text.slice(0, space);
  const name = space < 0 ? '' : line.text.slice(space + 1);
  if (line.kind === 'image') return make('img', { src: '/_sim/media/' + id, alt: '照片 ' + name });
  if (line.kind === 'voice') return document.createTextNode('🔊 语音 3″');
  return make('a', { href: '/_sim/media/' + id, download: name }, '📄 ' + (name || '文件'));
}

function bubble(line) {
  if (['image', 'voice', 'file', 'video'].includes(line.kind)) return make('div', { class: 'bubble' }, media(line));
  if (line.kind === 'location') return make('div', { class: 'bubble' }, '📍 ' + line.text);
  return make('div', { class: 'bubble' }, ...words(line.text));
}

function choice(question, id) {
  const options = (question.option_list || []).map(option =>
    make('option', { value: option.id, selected: option.id === question.selected_id }, option.text));
  const select = make('select', { 'data-question': question.question_key, id: id }, ...options);
  return make('label', { for: id }, question.title || '请选择', select);
}

function questions(card) {
  return [card.button_selection, card.checkbox, ...(card.select_list || [])].filter(Boolean);
}

function keys(line) {
  const card = line.card;
  if (card.replace_text) return make('div', { class: 'done' }, card.replace_text);
  const buttons = (card.button_list || []).slice();
  if (card.submit_button) buttons.push({ text: card.submit_button.text, key: card.submit_button.key, style: 1 });
  if (!buttons.length) return null;
  return make('div', { class: 'keys' }, ...buttons.map(button => make('button', {
    type: 'button', class: 'style' + (button.style || 1), disabled: !line.live && button.type !== 1,
    'data-key': button.key, 'data-url': webAddress(button.url), 'data-line': line.id,
  }, button.text)));
}

function drawCard(line) {
  const card = line.card;
  const title = card.main_title || {};
  const big = card.emphasis_content;
  const rows = (card.horizontal_content_list || []).flatMap(row => [
    make('dt', {}, row.keyname), make('dd', {}, row.type === 1 ? outside(row.url, row.value || '查看') : row.value || ''),
  ]);
  return make('article', { class: 'card', 'aria-label': title.title || '卡片' },
    card.source ? make('p', { class: 'source' }, card.source.desc || '') : null,
    title.title ? make('h2', {}, title.title) : null,
    title.desc ? make('p', {}, title.desc) : null,
    big ? make('p', {}, make('span', { class: 'big' }, big.title || ''), ' ' + (big.desc || '')) : null,
    card.quote_area ? make('p', {}, (card.quote_area.title || '') + ' ' + (card.quote_area.quote_text || '')) : null,
    card.sub_title_text ? make('p', {}, card.sub_title_text) : null,
    rows.length ? make('dl', {}, ...rows) : null,
    ...(line.live ? questions(card).map((question, n) => choice(question, 'q' + line.id + '-' + n)) : []),
    keys(line),
    ...(card.jump_list || []).map(jump => make('span', { class: 'links' }, outside(jump.url, jump.title + ' ›'))),
    card.card_action && webAddress(card.card_action.url)
      ? make('span', { class: 'links' }, outside(card.card_action.url, '打开页面 ›')) : null);
}

function drawLine(line) {
  const style = ['line', line.side, line.pushed ? 'pushed' : ''].join(' ').trim();
  return make('div', { class: style, id: 'line' + line.id },
    make('time', {}, moment(line.at)), line.card ? drawCard(line) : bubble(line));
}
