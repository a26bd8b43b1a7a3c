import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { temporary } from "./testing.ts";

const folder = temporary();
afterAll(() => folder.remove());
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

test("a pipe is read like a file, by what is loaded after it was looked at", () => {
  const csv = folder.file("web.csv", "time_ns,gva,op\n0,0x1000,r\n1000000000,0x2000,w\n");
  const line = 'cat "$1" | "$2" "$3" explain /dev/stdin --window 1s --json';
  const json = execFileSync("sh", ["-c", line, "pipe", csv, process.execPath, main], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(JSON.parse(json).schema).toBe(1);
});
