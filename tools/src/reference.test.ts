import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reference } from "./reference.ts";

test.each([...reference()])("docs/%s is what the code declares (pnpm reference writes it)", (name, text) => {
  expect(readFileSync(join(import.meta.dirname, "../../docs", name), "utf8")).toBe(text);
});
