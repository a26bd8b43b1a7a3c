import { openTrace } from "@tidemark/data";
import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles } from "../testing.ts";
import { contents } from "./contents.ts";

const example =
  "vm,gpfn,hash64,zlib1_bytes,lz4_bytes,kind\na,0,8c91de1712a98bc5,201,226,D\na,1,abb378b224c3905c,41,26,Z\nb,65535,0000000000000010,,26,F\n";
formatLaws(contents, example);

test("a zero page has hash 0; hashes are hexadecimal without saying so", async () => {
  const { trace } = await ingestFiles({ f: example });
  const { vm, ppn, hash, zbytes } = await openTrace(trace).contents();
  expect([[...vm], [...ppn], [...hash], [...zbytes]]).toEqual([
    [0, 0, 1],
    [0, 1, 65_535],
    [0x8c91de1712a98bc5n, 0n, 16n],
    [201, 41, 0xffff_ffff],
  ]);
});

test("a time column says when a page was read", async () => {
  const { trace, manifest } = await ingestFiles({ f: "time_ms,gpfn,hash\n3,1,ff\n2,1,fe\n" });
  expect([...(await openTrace(trace).contents()).timeNs]).toEqual([3e6, 2e6]);
  expect(manifest.sources[0].notes).toEqual([]);
});
