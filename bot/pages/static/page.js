// What is pleasant and not needed: longer lists without leaving the page, a count under the thumb, no double sending.
"use strict";

function grow(link) {
  const item = link.closest("li");
  link.textContent = "正在取……";
  fetch(link.dataset.more, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((rows) => {
      const first = document.createElement("template");
      first.innerHTML = rows;
      item.replaceWith(first.content);
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

document.addEventListener("DOMContentLoaded", () => {
  watch();
  for (const form of document.querySelectorAll("form[data-roll]")) {
    form.addEventListener("change", () => count(form));
    count(form);
  }
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 5000);
    });
  }
});
