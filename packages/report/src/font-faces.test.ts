import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { fontFaces } from "./font-faces.ts";

const ours = (name: string): string => fileURLToPath(new URL(`../fonts/${name}.ttf`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tidemark-fonts-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const regular = readFileSync(ours("Inter-Regular"));

test("a font has the family, the weight and the letters of its file", () => {
  const { faces, leftOut } = fontFaces([ours("Inter-Regular"), ours("Inter-SemiBold")]);
  expect(leftOut).toEqual([]);
  expect(faces.map((face) => face.slice(0, face.indexOf("src:")))).toEqual([
    '@font-face { font-family: "Inter"; font-weight: 400; font-style: normal; ',
    '@font-face { font-family: "Inter"; font-weight: 600; font-style: normal; ',
  ]);
  expect(faces[0]).toContain(`url(data:font/sfnt;base64,${regular.toString("base64")})`);
});

test("files cut short, and collections, are left out", () => {
  const files = [
    file("cut.ttf", regular.subarray(0, 40)),
    file("head.ttf", regular.subarray(0, 5)),
    file("many.ttc", Buffer.from("ttcf\0\u0001")),
  ];
  expect(fontFaces(files)).toEqual({ faces: [], leftOut: files });
});

test("what is past the bound is left out", () => {
  const large = file("large.ttf", Buffer.concat([regular, Buffer.alloc(2 ** 20 - regular.length + 1)]));
  expect(fontFaces([large]).leftOut).toEqual([large]);
  expect(fontFaces([ours("Inter-Regular"), large])).toMatchObject({ faces: [expect.anything()], leftOut: [large] });
});

test("a family's name ends neither its string nor the page's style", () => {
  const name = Buffer.from("Inter", "utf16le").swap16();
  const hostile = Buffer.from('"</\\;', "utf16le").swap16();
  const changed = Buffer.from(regular);
  for (let at = changed.indexOf(name); at >= 0; at = changed.indexOf(name, at + 1)) hostile.copy(changed, at);
  const [face = ""] = fontFaces([file("hostile.ttf", changed)]).faces;
  expect(face).toMatch(/^@font-face \{ font-family: "[^"\\<]*"; font-weight/);
});
