import { expect, test } from "vitest";
import { z } from "zod";
import { schemaWords } from "./schema-words.ts";

const schema = z.strictObject({
  copies: z.int().min(1).max(9).optional(),
  scale: z.number().positive().lt(2).optional(),
  state: z.enum(["open", "dilated"]).optional(),
  version: z.literal(1).optional(),
  names: z.array(z.string().min(1)).min(2).max(3).optional(),
});
const said = (value: unknown): string => {
  const { error } = schema.safeParse(value, { error: schemaWords });
  return error === undefined ? "fits" : `${error.issues[0].path.join(".")}: ${error.issues[0].message}`;
};

test.each<[unknown, string]>([
  [{ copies: 0 }, "copies: is 0; write a number of at least 1"],
  [{ copies: 10 }, "copies: is 10; write a number of at most 9"],
  [{ copies: 1.5 }, "copies: is 1.5; write a whole number"],
  [{ copies: "2" }, 'copies: is "2"; write a number'],
  [{ copies: NaN }, "copies: is NaN; write a number"],
  [{ scale: 0 }, "scale: is 0; write a number of more than 0"],
  [{ scale: 2 }, "scale: is 2; write a number of less than 2"],
  [{ state: "half" }, 'state: is "half"; write one of open, dilated'],
  [{ state: null }, "state: is empty (null); write one of open, dilated"],
  [{ state: ["open"] }, "state: is a list; write one of open, dilated"],
  [{ version: 2 }, "version: is 2; write 1"],
  [{ names: [] }, "names: is empty; write at least 2 values"],
  [{ names: ["a"] }, "names: has 1 value; write at least 2 values"],
  [{ names: ["a", "b", "c", "d"] }, "names: has 4 values; write at most 3 values"],
  [{ names: ["a", ""] }, "names.1: is empty; write at least one character"],
  [{ names: "x".repeat(99) }, `names: is "${"x".repeat(56)}...; write a list`],
  [[], ": is a list; write keys with values"],
  [{ names: ["a", "b"], copies: 9 }, "fits"],
])("%j: %s", (value, words) => expect(said(value)).toBe(words));
