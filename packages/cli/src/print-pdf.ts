import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { InputError, scratchFolder } from "@tidemark/data/shapes";
import { startBrowser, type Browser } from "./chromium.ts";

/** The largest page is drawn in a few seconds. */
const PATIENCE_MS = 120_000;
/** Whether the page's script has drawn all its charts. */
const DRAWN = "document.documentElement?.dataset.ready !== undefined";
const LOOK_EVERY_MS = 50;

/** A report page as PDF, printed by this chromium with the page's own print style. */
export async function printPdf(page: string, chromium: string): Promise<Uint8Array> {
  const scratch = scratchFolder(tmpdir(), "tidemark-pdf");
  const file = join(scratch.path, "page.html");
  writeFileSync(file, page);
  const browser = startBrowser(chromium, join(scratch.path, "profile"));
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await Promise.race([print(browser, pathToFileURL(file).href), over(late, chromium)]);
  } finally {
    await browser.close();
    scratch.discard();
  }
}

async function print(browser: Browser, url: string): Promise<Uint8Array> {
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const send = (method: string, params: object) => browser.send(method, params, String(sessionId));
  await send("Emulation.setEmulatedMedia", { media: "print" });
  await send("Page.navigate", { url });
  while (!isTrue(await send("Runtime.evaluate", { expression: DRAWN }))) await setTimeout(LOOK_EVERY_MS);
  const { data } = await send("Page.printToPDF", { printBackground: true, preferCSSPageSize: true, generateTaggedPDF: true });
  return Buffer.from(String(data), "base64");
}

/** Of what an expression gave in the page. */
const isTrue = ({ result }: { readonly [key: string]: unknown }): boolean => Object(result).value === true;

const over = (late: AbortSignal, chromium: string): Promise<never> =>
  new Promise((_, failed) => {
    late.addEventListener("abort", () => {
      failed(new InputError(`${chromium}: did not print the page in ${PATIENCE_MS / 1000} s; print the page (-o) by hand`));
    });
  });
