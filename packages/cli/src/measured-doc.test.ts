import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundled, tidemark } from "./testing.ts";

test("docs/measured.md shows what its command prints of the captured host", async () => {
  const doc = readFileSync(new URL("../../../docs/measured.md", import.meta.url), "utf8");
  const { stdout } = await tidemark(["measured", bundled("esxi/vm-20s.csv"), "--fit-estimator"]);
  const [listed, , fitted] = stdout.trimEnd().split("\n\n");
  expect(doc).toContain(`\`\`\`text\n${listed}\n\`\`\``);
  expect(doc).toContain(`\`\`\`text\n${fitted}\n\`\`\``);
});
