import { expect, test } from "vitest";
import { charts } from "@tidemark/report";
import { cores, estimators, modes, observers, policies } from "@tidemark/replay";
import { formats, measuredFormats } from "@tidemark/ingest";
import { tidemark } from "../testing.ts";

const kinds = Object.entries({ formats, "measured-formats": measuredFormats, estimators, modes, cores, policies, observers, charts });

test.each(kinds)("list %s names every one, as text and as JSON", async (kind, entries) => {
  const [text, json] = await Promise.all([tidemark(["list", kind]), tidemark(["list", kind, "--json"])]);
  expect([text.code, text.stderr, json.code, json.stderr]).toEqual([0, "", 0, ""]);
  for (const { name, about } of entries)
    expect(text.stdout).toMatch(new RegExp(`^${name} .*${about.slice(0, 20).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "m"));
  const parsed = JSON.parse(json.stdout) as { readonly schema: number; readonly [kind: string]: unknown };
  expect(parsed.schema).toBe(1);
  expect(parsed[kind]).toMatchObject(entries.map(({ name, about }) => ({ name, about })));
});

test("plug-ins come with their parameters and defaults, as one would give them", async () => {
  const { stdout } = await tidemark(["list", "estimators"]);
  expect(stdout).toMatch(/^ +pages=100 pages /m);
  expect(stdout).toMatch(/^ +period=60s {2}sample/m);
  expect((await tidemark(["list", "modes"])).stdout).toMatch(/^ +interval=1s {2}two writes/m);
});

test("an unknown kind is refused with the kinds there are", async () => {
  const { code, stdout, stderr } = await tidemark(["list", "policys"]);
  expect([code, stdout, stderr]).toEqual([
    2,
    "",
    'tidemark: unknown kind "policys"; known: formats, measured-formats, workloads, estimators, modes, cores, policies, observers, charts\n',
  ]);
});
