// What is pleasant and not needed: longer lists without leaving the page, a count under the thumb, no double sending.
"use strict";

function grow(link) {
  const item = link.closest("li");
  link.textContent = "正在取……";
  fetch(link.dataset.more, { credentials: "same-origin" })
    .then((answer) => {
      if (answer.redirected) { location.href = link.href; }  // the session is over: off to the login, not into the list
      return answer.ok && !answer.redirected ? answer.text() : Promise.reject(answer.status);
    })
    .then((rows) => {
      const first = document.createElement("template");
      first.innerHTML = rows;
      const held = document.activeElement === link, next = first.content.querySelector("a");
      item.replaceWith(first.content);
      rememberHowFar(link.href);
      if (held && next) next.focus({ preventScroll: true });  // whoever goes by keyboard stands where the link stood
      watch();
    })
    .catch(() => { link.textContent = "没取到，点这里再试"; });
}

// Who comes back to the list from a child finds it as long as it was, at the place where they were.
function rememberHowFar(grown) {
  const address = new URL(location.href);
  address.searchParams.set("to", new URL(grown).searchParams.get("page"));
  history.replaceState(history.state, "", address);
}

const seen = "IntersectionObserver" in window ? new IntersectionObserver((found) => {
  for (const one of found) if (one.isIntersecting) { seen.unobserve(one.target); grow(one.target); }
}, { rootMargin: "300px" }) : null;

function watch() {
  for (const link of document.querySelectorAll("a[data-more]:not([data-watched])")) {
    link.dataset.watched = "1";
    link.addEventListener("click", (event) => { event.preventDefault(); grow(link); });
    if (seen) seen.observe(link);
  }
}

function count(form) {
  const many = form.querySelectorAll("input[name=absent]:checked").length;
  form.querySelector("[data-count]").textContent = many ? `：缺勤${many}人` : "：全部到校";
}

// A sentence over a form, read out by screen readers.
function say(form, words) {
  let line = form.querySelector("p.fault[role=alert]");
  if (!line) {
    line = document.createElement("p");
    line.className = "fault";
    line.setAttribute("role", "alert");
    form.prepend(line);
  }
  line.textContent = words;
  line.scrollIntoView({ block: "nearest" });
}

// Browsers write dates and file buttons in their own language; the day is said as everywhere else.
function sayDay(input) {
  const [year, month, day] = input.value.split("-").map(Number);
  const week = "日一二三四五六"[new Date(year, month - 1, day).getDay()];
  const otherYear = String(year) === document.documentElement.dataset.year ? "" : `${year}年`;
  input.said.textContent = input.value ? `${otherYear}${month}月${day}日（周${week}）` : "请选择日期";
}

function nameFile(input) {
  const frame = document.createElement("span"), button = document.createElement("b"), name = document.createElement("span");
  frame.className = "picked";
  button.textContent = "选择文件";
  const say = () => { name.textContent = input.files.length ? input.files[0].name : "还没有选"; };
  input.replaceWith(frame);
  frame.append(button, name, input);
  input.addEventListener("change", say);
  say();
}

// What was sent is kept in this tab until a page says what became of it: a session may have run out, or the network have
// failed after the tap, and whoever opens the form again finds it as it was filled in. For the same person alone, for half an hour.
const DRAFT = "draft", KEPT = 30 * 60 * 1000;

function written(form) {
  return [...form.elements].filter((field) => field.name && !["hidden", "file", "submit", "button"].includes(field.type));
}

function about(form) {  // a roll call of another class or day is another form
  return [...form.elements].filter((field) => field.type === "hidden" && !["csrf", "once"].includes(field.name))
    .map((field) => `${field.name}=${field.value}`).join("&");
}

function keep(form) {
  if (form.classList.contains("who")) sessionStorage.removeItem(DRAFT);  // logs out
  const who = document.documentElement.dataset.who;
  if (!who || form.getAttribute("role") === "search" || !written(form).length) return;
  const values = written(form).filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .map((field) => [field.name, field.value]);
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify({ who, to: form.action, about: about(form), at: Date.now(), values }));
  } catch (full) { /* the form is sent all the same */ }
}

function fill(form, values) {
  const left = [...values];
  for (const field of written(form)) {
    const at = left.findIndex(([name, value]) => name === field.name && (!["checkbox", "radio"].includes(field.type) || value === field.value));
    if (["checkbox", "radio"].includes(field.type)) field.checked = at >= 0;
    else if (at >= 0) field.value = left[at][1];
    if (at >= 0) left.splice(at, 1);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function putBack() {
  const page = document.documentElement.dataset;
  let draft = null;
  try { draft = JSON.parse(sessionStorage.getItem(DRAFT)); } catch (none) { return; }
  if (!draft || !page.who && !page.failed) return;  // the login stands in between
  if (page.failed) {
    const line = document.createElement("p");
    line.textContent = "刚才填的内容还在，重新打开那张表单时会放回去。";
    document.querySelector(".msg").prepend(line);
    return;
  }
  sessionStorage.removeItem(DRAFT);
  if (page.again || draft.who !== page.who || Date.now() - draft.at > KEPT) return;
  const form = [...document.forms].find((one) => one.method === "post" && one.action === draft.to && about(one) === draft.about && written(one).length);
  if (!form) return;
  fill(form, draft.values);
  say(form, "刚才填的没有保存，已经放回来了。请核对一遍，再点一次。");
}

// The same button twice is a slip of the thumb; another button of the form is another thing to do. A photo takes long to go
// out by a slow network: tapped again it would begin anew. Where the page stays (a file was handed out) the button comes back.
function sentOnce(event, form) {
  const button = event.submitter, by = button ? `${button.formAction} ${button.value}` : "1";
  if (form.dataset.sent === by) { event.preventDefault(); return; }
  form.dataset.sent = by;
  const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  const words = button ? button.textContent : "", busy = button && button.dataset.busy;
  if (busy) button.textContent = busy;
  const again = () => {
    if (form.dataset.sent === by) delete form.dataset.sent;
    if (busy) button.textContent = words;
  };
  setTimeout(again, files && busy ? 60000 : 5000);
  form.addEventListener("input", again, { once: true });
  addEventListener("pageshow", again, { once: true });
  keep(form);
}

document.addEventListener("DOMContentLoaded", () => {
  watch();
  // The answer to a form stays in the history as a page that can be opened: going back never asks to send the form again.
  const again = document.documentElement.dataset.again;
  if (again) history.replaceState(null, "", again);
  for (const input of document.querySelectorAll("input[type=date]")) {
    input.said = document.createElement("span");
    input.said.className = "day";
    input.said.setAttribute("aria-hidden", "true");
    const frame = document.createElement("span");
    frame.className = "dated";
    input.replaceWith(frame);
    frame.append(input, input.said);
    input.addEventListener("input", () => sayDay(input));
    sayDay(input);
  }
  document.querySelectorAll("input[type=file]").forEach(nameFile);
  for (const form of document.querySelectorAll("form[data-roll]")) {
    form.addEventListener("change", () => count(form));
    count(form);
  }
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (!navigator.onLine) {  // the browser's own page would take the place of what was filled in
        event.preventDefault();
        say(form, "现在没有网络，还没有保存。填的内容都在，连上网后再点一次。");
        return;
      }
      const long = [...form.querySelectorAll("[data-longest]")].find((field) => field.value.trim().length > field.dataset.longest);
      if (long) {  // sent, a whole pasted paper would come back as a page without it
        event.preventDefault();
        say(form, `“${long.dataset.label}”写了${long.value.trim().length}个字，最多${long.dataset.longest}个字，还没有保存。请删短一些。`);
        long.focus();
        return;
      }
      sentOnce(event, form);
    });
  }
  putBack();
});
