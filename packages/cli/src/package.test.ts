import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../..", import.meta.url));

/** `pnpm pack:check` packs and installs them; this is the part of it that needs no network. */
test.each(readdirSync(packages))("%s can be published", async (name) => {
  const { messages, pkg } = await publint({ pkgDir: `${packages}/${name}`, pack: false, level: "suggestion" });
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  expect(pkg).toMatchObject({ license: "MIT", engines: { node: ">=20.19" }, files: expect.arrayContaining(["dist"]) });
});
