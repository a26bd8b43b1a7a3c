import { expect, test } from "vitest";
import { hostOrVm, vmLabel } from "./vm-label.ts";

test("a name is one line of bounded length, without characters that turn the order of others around", () => {
  expect(vmLabel(" web\u202egnp\u2069\u200f\n\u001b[2J 01 ")).toBe("web gnp [2J 01");
  expect(vmLabel("x".repeat(99))).toBe(`${"x".repeat(59)}…`);
});

test("a name that runs from right to left is isolated, so that numbers beside it stay where they are; others are as they are", () => {
  for (const name of ["שלום", "خادم 2", "a ߊ", "𞤀𞤣", "ﭐ"]) expect(vmLabel(name)).toBe(`\u2068${name}\u2069`);
  for (const name of ["web-01", "Größe", "日本", "सर्वर", "😀", "ไทย"]) expect(vmLabel(name)).toBe(name);
  expect(vmLabel(vmLabel("שלום"))).toBe(vmLabel("שלום"));
});

test("a VM that is called what the host is called stands in quotes", () => {
  expect(["", "the host", " the  host", "the host 2"].map(hostOrVm)).toEqual(["the host", '"the host"', '"the host"', "the host 2"]);
});
