// The report's own script: unpacks the embedded charts, draws them, follows theme, width, print and the choice of VM.
(async () => {
  const root = document.documentElement;
  const main = document.querySelector("main");
  const packed = Uint8Array.from(atob(document.getElementById("charts").textContent.trim()), (character) => character.charCodeAt(0));
  const unpacked = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")));
  const { frame, stacked, charts } = JSON.parse(await unpacked.text());

  const print = matchMedia("print");
  const darkWanted = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => !print.matches && (root.dataset.theme ?? (darkWanted.matches ? "dark" : "light")) === "dark";
  const width = () => main.clientWidth - 32;

  const views = [];
  function draw(box) {
    const { rows, vega: spec, label } = charts[Number(box.dataset.chart)].panels[Number(box.dataset.panel)];
    const data = spec.data.map((set) => (set.name in rows ? { ...set, values: structuredClone(rows[set.name]) } : set));
    // Vega names and describes the element it draws in; ours stays the image with its sentence.
    const inner = box.appendChild(document.createElement("div"));
    inner.setAttribute("aria-hidden", "true");
    const padding = { left: 0, top: 4, right: 4, bottom: 4 };
    const view = new vega.View(vega.parse({ ...spec, data, padding }), { renderer: "svg", container: inner, hover: false });
    views.push(view);
    return view
      .signal("dark", isDark())
      .width(width())
      .runAsync()
      .then(() => box.setAttribute("data-drawn", label));
  }
  function redraw() {
    for (const view of views) view.signal("dark", isDark()).width(width()).run();
  }

  for (const input of document.querySelectorAll(".picker input")) {
    input.addEventListener("change", () => {
      for (const panel of document.querySelectorAll(".panel[data-vm]"))
        panel.hidden = input.value !== "all" && panel.dataset.vm !== input.value;
    });
  }

  const theme = document.querySelector(".theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    redraw();
  });

  function save(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
  function withRows(value, rows) {
    if (Array.isArray(value)) return value.map((each) => withRows(each, rows));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, each]) =>
      key === "data" && each !== null && each.name in rows ? [key, { ...each, values: rows[each.name] }] : [key, withRows(each, rows)],
    );
    return Object.fromEntries(entries);
  }
  const together = (spec) => Object.fromEntries(Object.entries(spec).filter(([key]) => key !== "autosize" && key !== "description"));
  function vegaLite(boxes) {
    const panels = boxes.map((box) => charts[Number(box.dataset.chart)].panels[Number(box.dataset.panel)]);
    const [only] = panels;
    if (panels.length === 1) return { ...frame, ...withRows(only.vegaLite, only.rows) };
    return {
      ...frame,
      ...stacked,
      vconcat: panels.map(({ label, rows, vegaLite: spec }) => ({ title: label, ...withRows(together(spec), rows) })),
    };
  }
  for (const button of document.querySelectorAll("[data-save]")) {
    button.addEventListener("click", () => {
      const { name, csv } = charts[Number(button.dataset.chart)];
      if (button.dataset.save === "csv") save(`${name}.csv`, "text/csv", csv);
      else {
        const boxes = [...button.closest("figure").querySelectorAll(".panel:not([hidden]) .chart")];
        save(`${name}.vl.json`, "application/json", `${JSON.stringify(vegaLite(boxes), null, 2)}\n`);
      }
    });
  }

  // What can be seen first; the rest follows, for the picker and for print.
  const boxes = [...document.querySelectorAll(".chart")];
  const seen = (box) => box.closest("[hidden]") === null;
  for (const box of [...boxes.filter(seen), ...boxes.filter((each) => !seen(each))]) await draw(box);
  root.dataset.ready = "";

  for (const media of [print, darkWanted]) media.addEventListener("change", redraw);
  let drawnWidth = width();
  new ResizeObserver(() => {
    if (width() === drawnWidth) return;
    drawnWidth = width();
    redraw();
  }).observe(main);
})();
