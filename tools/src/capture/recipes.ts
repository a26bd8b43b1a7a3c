/** What a guest does that is captured by name, and how. The work itself is in tools/capture/guest/init. */
export interface Recipe {
  readonly name: string;
  readonly about: string;
  /** Between two looks of the guest at its own counters, ms. */
  readonly sampleMs: number;
  /** What of the plugin's arguments is the recipe's own. */
  readonly plugin: string;
  /** Buffer of the guest kernel's own record of its page allocations. */
  readonly traceBuffer: string;
}

/** Merged by page and 10 ms, as long as few pages compete. */
const SHORT = { sampleMs: 100, plugin: "slots=65536,window=0,vwindow=10000000", traceBuffer: "8M" };
/** The guest sleeps most of its half hour, which passes quickly. */
const LONG = { sampleMs: 5000, plugin: "slots=65536,window=0,vwindow=1000000000", traceBuffer: "16M" };

export const recipes: readonly Recipe[] = [
  { name: "idle", about: "boots and does nothing for three seconds", ...SHORT },
  { name: "alloc-4k", about: "128 MiB are allocated, filled and freed, then a little work goes on; 4 KB pages", ...SHORT },
  { name: "alloc-thp", about: "the same with transparent huge pages", ...SHORT },
  { name: "pagecache", about: "files are written and read, half of them deleted", ...SHORT },
  { name: "fork", about: "a shell starts hundreds of processes", ...SHORT },
  { name: "sort", about: "20,000 lines are made, sorted and compressed", ...SHORT },
  { name: "mix", about: "an allocation beside a small working set and a shell", ...SHORT },
  { name: "long-hog", about: "half an hour: 120 MiB for five minutes, then 4 MiB, then 60 MiB nobody touches", ...LONG },
  { name: "long-cache", about: "half an hour: files are written, read and deleted", ...LONG },
  { name: "long-idle", about: "half an hour: a few short commands every minute", ...LONG },
];
