import { expect, test } from "vitest";
import { atLastSample } from "./last-sample.ts";

const at = (...times: readonly number[]) => ({ instants: times.map((timeNs) => ({ vm: "web", asked: "", timeNs })) });

test("a last sample whose time reads like an explained instant is told from it", () => {
  expect(atLastSample(at(7e9), 7_000_000_033)).toBe("at the last sample, 7 s (33 ns after the instant explained)");
  expect(atLastSample(at(7_000_000_033), 7e9)).toBe("at the last sample, 7 s (33 ns before the instant explained)");
});

test("a last sample that is the instant, or reads otherwise, has its time alone", () => {
  expect(atLastSample(at(7e9, 3e9), 7e9)).toBe("at the last sample, 7 s");
  expect(atLastSample(at(6e9), 7e9)).toBe("at the last sample, 7 s");
  expect(atLastSample(at(), 7e9)).toBe("at the last sample, 7 s");
});
