import { html, type Html } from "./html.ts";
import type { LinkedText } from "./linked-text.ts";
import { unbroken } from "./unbroken.ts";

/** Where the rows of one VM and instant are on the page: the beginning of their ids. */
export const rowId = (place: string, row: string): string => `row-${place}-${row}`;

/** A sentence whose numbers lead to their rows. */
export const linkedHtml = (text: LinkedText, place: string): Html =>
  html`${text.map((part) =>
    typeof part === "string"
      ? html`${unbroken(part)}`
      : "isCommand" in part
        ? html`<code>${part.text}</code>`
        : html`<a href="#${rowId(place, part.rows[0] ?? "")}" data-rows="${part.rows.map((row) => rowId(place, row)).join(" ")}"
            >${unbroken(part.text)}</a
          >`,
  )}`;
