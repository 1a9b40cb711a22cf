"use strict";
// The search: every word must occur; words in the title count more. Without it the book is complete.
(() => {
  const form = document.getElementById("search");
  const words = document.getElementById("words");
  const found = document.getElementById("found");
  const up = document.body.dataset.up;
  form.hidden = false;
  const pages = PAGES.map(([path, title, text]) => ({ path, title, text, low: text.toLowerCase(), head: title.toLowerCase() }));
  const score = (page, wanted) => {
    let sum = 0;
    for (const word of wanted) {
      const inTitle = page.head.includes(word) || page.path.includes(word);
      if (!inTitle && !page.low.includes(word)) return 0;
      sum += inTitle ? 10 : 1;
    }
    return sum;
  };
  const excerpt = (page, wanted) => {
    const at = Math.max(0, page.low.indexOf(wanted[0]));
    const from = Math.max(0, at - 60);
    return (from ? "…" : "") + page.text.slice(from, at + 120).trim() + "…";
  };
  const search = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.replaceChildren();
    found.hidden = wanted.length === 0;
    if (found.hidden) return;
    const hits = pages.map((page) => ({ page, score: score(page, wanted) })).filter((hit) => hit.score > 0)
      .sort((a, b) => b.score - a.score).slice(0, 20);
    const count = document.createElement("p");
    count.textContent = hits.length ? `${hits.length === 20 ? "The first 20" : hits.length} of ${pages.length} pages` : "No page has all these words.";
    found.append(count);
    for (const { page } of hits) {
      const line = document.createElement("div");
      const link = document.createElement("a");
      link.href = up + page.path;
      link.textContent = page.title;
      const text = document.createElement("p");
      text.textContent = excerpt(page, wanted);
      line.append(link, text);
      found.append(line);
    }
  };
  words.addEventListener("input", search);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = found.querySelector("a");
    if (first) location.href = first.href;
  });
})();
