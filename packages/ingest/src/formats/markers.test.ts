import { expect, test } from "vitest";
import { formatLaws } from "../format-laws.ts";
import { ingestFiles } from "../testing.ts";
import { markers } from "./markers.ts";

const example = "time_ns,marker\n1616536552,10\n1625324502,11\n10000055443,20\n";
formatLaws(markers, example);

test("a marker is a guest event of the only VM of the call", async () => {
  const { guest } = await ingestFiles({ f: example, g: "time_ns,vm,gva,op\n1,redis,0x1000,R\n20000000000,redis,0x1000,W\n" });
  expect(guest).toEqual(["1616536552 redis/0 mark value 10", "1625324502 redis/0 mark value 11", "10000055443 redis/0 mark value 20"]);
});

test("a marker is a number", async () => {
  await expect(ingestFiles({ f: "time_ns,marker\n5,begin\n" })).rejects.toThrow('f:2: column marker: "begin"');
});
