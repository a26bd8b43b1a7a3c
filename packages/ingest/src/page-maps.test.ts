import { NONE } from "@tidemark/data";
import { expect, test } from "vitest";
import { PageMaps } from "./page-maps.ts";

test("finds pages of all sizes, and those that moved where they are now", () => {
  const maps = new PageMaps();
  maps.add(512, 512, 1024);
  maps.add(3, 1, 7);
  maps.add(2 ** 40, 1, 9);
  maps.add(3, 1, 8);
  expect([3, 512, 1023, 2 ** 40].map((vpn) => maps.find(vpn))).toEqual([8, 1024, 1535, 9]);
  expect([0, 4, 511, 1024].map((vpn) => maps.find(vpn))).toEqual([NONE, NONE, NONE, NONE]);
});
