import { expect, test } from "vitest";
import { escapeHtml } from "./escape-html.ts";
import { html } from "./html.ts";
import { vmLabel } from "./vm-label.ts";

test("what is put in is escaped, what is HTML already is not", () => {
  const name = `</script><img src=x onerror="alert('1')">&`;
  expect(html`<b title="${name}">${[html`<i>${1}</i>`, html`${name}`]}</b>`.html).toBe(
    `<b title="${escapeHtml(name)}"><i>1</i>&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</b>`,
  );
});

test("characters that XML forbids are replaced", () => {
  expect(escapeHtml("a\u0000b\u001fc\td")).toBe("a\ufffdb\ufffdc\td");
});

test("a label is one line of bounded length", () => {
  expect(vmLabel("  two\r\nlines\u202e ")).toBe("two lines");
  expect(vmLabel("x".repeat(1_000))).toHaveLength(60);
});
