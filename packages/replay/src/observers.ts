import type { Observer } from "./observer.ts";
import { actions } from "./observers/actions.ts";
import { ages } from "./observers/ages.ts";
import { counters } from "./observers/counters.ts";
import { estimates } from "./observers/estimates.ts";
import { gap } from "./observers/gap.ts";
import { guest } from "./observers/guest.ts";
import { heat } from "./observers/heat.ts";
import { host } from "./observers/host.ts";
import { spaces } from "./observers/spaces.ts";
import { stalls } from "./observers/stalls.ts";

/** Every observer; all of them watch every replay. To add one: a file in observers/, and its line here. */
export const observers: readonly Observer[] = [counters, gap, estimates, ages, heat, spaces, guest, host, actions, stalls];
