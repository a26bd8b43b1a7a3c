import type { Workload } from "./workload.ts";
import { bootStorm } from "./workloads/boot-storm.ts";
import { database } from "./workloads/database.ts";
import { forkStorm } from "./workloads/fork-storm.ts";
import { hogAndFree } from "./workloads/hog-and-free.ts";
import { loop } from "./workloads/loop.ts";
import { pageCache } from "./workloads/page-cache.ts";
import { phases } from "./workloads/phases.ts";
import { scan } from "./workloads/scan.ts";
import { zipf } from "./workloads/zipf.ts";

/** Every workload that can be made up. To add one: a file in workloads/ with its test beside it, and its line here. */
export const workloads: readonly Workload[] = [zipf, loop, scan, phases, hogAndFree, pageCache, database, forkStorm, bootStorm];
