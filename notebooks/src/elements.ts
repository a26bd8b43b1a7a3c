// What cells show besides charts. Texts are set as text: names in a trace are anybody's.

function element<K extends keyof HTMLElementTagNameMap>(tag: K, text = "", className = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== "") made.className = className;
  return made;
}

/** A text with a tag of its own: a sentence, a chart's title. */
export const words = element;

/** What a reader is to know, one thing after the other. */
export function list(texts: readonly string[]): HTMLElement {
  const items = element("ul", "", "fine");
  items.append(...texts.map((text) => element("li", text)));
  return items;
}

/** The first column says what the row is of; the others are figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const made = element("table");
  const line = (cells: readonly string[], tag: "th" | "td"): HTMLElement => {
    const row = element("tr");
    row.append(...cells.map((text) => element(tag, text)));
    return row;
  };
  const top = made.appendChild(element("thead"));
  top.append(line(head, "th"));
  const body = made.appendChild(element("tbody"));
  body.append(...rows.map((cells) => line(cells, "td")));
  const scroller = element("div", "", "scroller");
  scroller.append(made);
  return scroller;
}

/** Radio buttons, one for each label. `view(choice(…))` is the chosen one. */
export function choice(legend: string, labels: readonly string[], first = labels[0] ?? ""): HTMLElement & { value: string } {
  const made = Object.assign(element("fieldset", "", "choice"), { value: first });
  made.append(element("legend", legend));
  for (const label of labels) {
    const input = element("input");
    input.type = "radio";
    input.name = legend;
    input.checked = label === first;
    // Before the event reaches the fieldset, where the notebook hears it.
    input.addEventListener("input", () => {
      made.value = label;
    });
    const around = element("label");
    around.append(input, ` ${label}`);
    made.append(around);
  }
  return made;
}
