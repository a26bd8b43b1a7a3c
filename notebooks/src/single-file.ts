import type { Plugin, Rolldown } from "vite";

/** Puts scripts and styles into the page, so that one file is all there is and opens from a disk. */
export const singleFile: Plugin = {
  name: "tidemark:single-file",
  generateBundle: {
    // After Vite has finished its own work on the scripts.
    order: "post",
    handler(_, bundle) {
      for (const page of Object.values(bundle)) {
        if (page.type !== "asset" || !page.fileName.endsWith(".html")) continue;
        page.source = String(page.source)
          .replace(
            /<script type="module"[^>]* src="\.\/([^"]+)"><\/script>/g,
            (_, name: string) => `<script type="module">${take(bundle, name).replaceAll("</script", "<\\/script")}</script>`,
          )
          .replace(/<link rel="stylesheet"[^>]* href="\.\/([^"]+)">/g, (_, name: string) => `<style>${take(bundle, name)}</style>`);
      }
      const left = Object.keys(bundle).filter((name) => !name.endsWith(".html"));
      if (left.length > 0) this.error(`not in the page: ${left.join(", ")}`);
    },
  },
};

/** The text of a file of the bundle, which is then not written by itself. */
function take(bundle: Rolldown.OutputBundle, name: string): string {
  const file = bundle[name];
  delete bundle[name];
  return file.type === "chunk" ? file.code : String(file.source);
}
