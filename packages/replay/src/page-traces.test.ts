import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { loopMixPages, phasePages, scanPages, zipfPages } from "./page-traces.ts";

/** Of the page numbers as little-endian 32-bit words. */
const sha256 = (pages: Uint32Array): string => createHash("sha256").update(pages).digest("hex");

test("the traces are those on which the miss counts were measured", () => {
  expect(sha256(zipfPages(65536, 1e6))).toBe("b9367a873f2cffc6ddb965279d674e43f54fde2bf7eed64d67a324ef6e6b2e98");
  expect(sha256(loopMixPages(65536, 1e6))).toBe("b2f97911eb1d59858c431871901822b86fdfd3b42c770c3aa3016089d5128c15");
  expect(sha256(phasePages(65536, 1e6))).toBe("2fb71a559350eac1014eb1408d266d67c73915332f7a12a6b9f2e7305177577c");
  expect(sha256(scanPages(10_000, 100_000))).toBe("1c1d911bb1b836f8bff43bc66a0ebf7ac9de9df07b7daaee7c99290b27b765be");
});
