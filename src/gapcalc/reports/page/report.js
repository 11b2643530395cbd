(() => {
  "use strict";
  const make = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const formula = new RegExp(document.body.dataset.formula);
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  const numberIn = (cell) => ("value" in cell.dataset ? Number(cell.dataset.value) : null);
  const textOf = (cell) => cell.textContent.trim();

  const sort = (table, heads, at) => {
    const falls = heads[at].getAttribute("aria-sort") === "ascending";
    const isNumber = heads[at].matches(".n, .b");
    const known = (cell) => (isNumber ? numberIn(cell) : textOf(cell) || null);
    const rows = [...table.tBodies[0].rows].map((row) => [known(row.cells[at]), row]);
    rows.sort(([one], [other]) => {
      if (one === null || other === null) return (one === null) - (other === null);
      const difference = isNumber ? one - other : order.compare(one, other);
      return falls ? -difference : difference;
    });
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[at].setAttribute("aria-sort", falls ? "descending" : "ascending");
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };

  const makeSortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => {
      if (head.querySelector(".unseen")) return;
      const button = make("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => sort(table, heads, at));
      head.append(button);
    });
  };

  const quote = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const exact = (cell) => {
    const link = cell.querySelector("a[rel]");
    const text = link ? link.getAttribute("href") : textOf(cell);
    // "+37" and "2/9" stand for a number; of a span or a bound the text says more.
    const isNumber = cell.matches(".b") || (cell.matches(".n") && /^\+?[\d,.]+(\/\d+)?$/.test(text));
    if (isNumber && numberIn(cell) !== null) return cell.dataset.value;
    return quote(formula.test(text) ? `'${text}` : text);
  };
  const csvOf = (table) =>
    [table.tHead.rows[0], ...table.tBodies[0].rows]
      .filter((row) => !row.hidden)
      .map((row) => [...row.cells].map(exact).join(","))
      .join("\n") + "\n";

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = make("textarea", { value: text, readOnly: true });
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  const addTools = (box) => {
    const table = box.querySelector("table");
    const said = make("output");
    const tools = make("div", { className: "tools" });
    if ("filtered" in box.dataset) {
      const input = make("input", { type: "search", autocomplete: "off" });
      input.addEventListener("input", () => {
        const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
        const rows = [...table.tBodies[0].rows];
        for (const row of rows) {
          const text = row.textContent.toLowerCase();
          row.hidden = !words.every((word) => text.includes(word));
        }
        said.value = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows`;
      });
      tools.append(make("label", {}, "Filter", input));
    }
    const button = make("button", { type: "button", className: "copy" }, "Copy as CSV");
    button.addEventListener("click", async () => {
      said.value = (await copy(csvOf(table))) ? "Copied." : "The browser does not let it be copied.";
    });
    tools.append(said, button);
    box.prepend(tools);
  };

  for (const box of document.querySelectorAll("[data-sorted]")) {
    makeSortable(box.querySelector("table"));
    addTools(box);
  }

  // The keyboard stops only at what can be scrolled.
  const stops = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      const isCut = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
      target.tabIndex = isCut ? 0 : -1;
    }
  });
  for (const box of document.querySelectorAll(".scroll, .chart-box")) stops.observe(box);

  const folds = [...document.querySelectorAll("details")];
  const openNamed = () => {
    const named = document.getElementById(location.hash.slice(1));
    if (named instanceof HTMLDetailsElement) named.open = true;
  };
  for (const fold of folds) fold.open = false;
  openNamed();
  addEventListener("hashchange", openNamed);
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = folds.filter((fold) => !fold.open);
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });
})();
