import { expect, test } from "vitest";
import { COSTS } from "../costs.ts";
import { modes } from "../modes.ts";
import { filledTranslation, translationKey } from "./translation-key.ts";

test("filled in it says every mode's parameters and every cost, those given and the others", () => {
  const { modes: all, costs } = filledTranslation(translationKey.parse({}));
  expect(all.map(({ name }) => name)).toEqual(modes.map(({ name }) => name));
  expect(all).toContainEqual({ name: "agile", interval: 1e9, start: "shadow" });
  expect(costs).toEqual(Object.fromEntries(Object.entries(COSTS).map(([name, cost]) => [name, cost.default])));
  const given = translationKey.parse({ modes: [{ name: "agile", interval: "100ms" }], costs: { exit: "2500" } });
  const filled = filledTranslation(given);
  expect(filled.modes).toEqual([{ name: "agile", interval: 1e8, start: "shadow" }]);
  expect(filled.costs).toMatchObject({ exit: 2500, reference: COSTS.reference.default });
});
