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
      if (held && next) next.focus({ preventScroll: true });  // whoever goes by keyboard stands where the link stood
      watch();
    })
    .catch(() => { link.textContent = "没取到，点这里再试"; });
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
      // The same button twice is a slip of the thumb; another button of the form is another thing to do.
      const by = event.submitter ? `${event.submitter.formAction} ${event.submitter.value}` : "1";
      if (form.dataset.sent === by) event.preventDefault();
      form.dataset.sent = by;
      const busy = event.submitter && event.submitter.dataset.busy;
      if (busy) event.submitter.textContent = busy;
      setTimeout(() => delete form.dataset.sent, 5000);
    });
  }
});
