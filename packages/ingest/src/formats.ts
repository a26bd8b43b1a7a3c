import type { TraceFormat } from "./format.ts";
import { accesses } from "./formats/accesses.ts";
import { allocations } from "./formats/allocations.ts";
import { contents } from "./formats/contents.ts";
import { guestEvents } from "./formats/guest-events.ts";
import { markers } from "./formats/markers.ts";
import { meminfo } from "./formats/meminfo.ts";

/** Every input format, in the order in which an input is held against them. To add one: a file in formats/, and its line here. */
export const formats: readonly TraceFormat[] = [meminfo, contents, allocations, guestEvents, markers, accesses];
