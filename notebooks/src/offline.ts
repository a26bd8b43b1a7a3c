import type { Plugin } from "vite";

const ABSENT = "\0absent:";

/** What becomes of a module that would be loaded from a network: it cannot be loaded, and says so. */
function refusal(url: string): string {
  const name = url.replace(/^https?:\/\/[^/]+\/(npm\/)?/, "").replace(/\/\+esm$/, "");
  return `throw new Error(${JSON.stringify(`${name} is not in this page, which loads nothing: add the package to notebooks/package.json and import it by its name`)});`;
}

/** Notebook-kit's recommended libraries (d3, Inputs, html …) are loaded from a CDN; none of that gets into a page. */
export const offline: Plugin = {
  name: "tidemark:offline",
  enforce: "pre",
  resolveId: (id) => (/^https?:/.test(id) ? `${ABSENT}${id}` : undefined),
  load: (id) => (id.startsWith(ABSENT) ? refusal(id.slice(ABSENT.length)) : undefined),
  transform(code, id) {
    if (!id.includes("/notebook-kit/")) return undefined;
    const [, url] = /^(?:import|export) .* from "(https:[^"]+)"/m.exec(code) ?? [];
    return url === undefined ? undefined : { code: refusal(url), map: null };
  },
};
