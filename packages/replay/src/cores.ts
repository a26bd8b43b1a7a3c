import type { Core } from "./core.ts";
import { none } from "./cores/none.ts";
import { opteron } from "./cores/opteron.ts";
import { skylake } from "./cores/skylake.ts";
import { zen2 } from "./cores/zen2.ts";
import { zen4 } from "./cores/zen4.ts";

/** Every core with a known geometry. To add one: a file in cores/, and its line here; one's own: `parseCore`. */
export const cores: readonly Core[] = [skylake, zen2, zen4, opteron, none];
