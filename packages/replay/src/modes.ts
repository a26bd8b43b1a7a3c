import type { Mode } from "./mode.ts";
import { agile } from "./modes/agile.ts";
import { native } from "./modes/native.ts";
import { nestedFlat } from "./modes/nested-flat.ts";
import { nested } from "./modes/nested.ts";
import { shadowLazy } from "./modes/shadow-lazy.ts";
import { shadow } from "./modes/shadow.ts";

/** Every translation mode. To add one: a file in modes/, and its line here. */
export const modes: readonly Mode[] = [native, shadow, shadowLazy, nested, agile, nestedFlat];
