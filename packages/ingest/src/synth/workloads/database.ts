import { count, number } from "@tidemark/data/shapes";
import { shuffled, zipfRanks } from "../draw.ts";
import { workload } from "../workload.ts";

export const database = workload({
  name: "database",
  about: "an in-memory database: a hot index, skewed rows, a log written in turn, and now and then a scan of it all",
  source: "shape of YCSB (Cooper 2010) with reports beside it",
  order: "exact",
  params: {
    pages: number({ default: 24_576, min: 16, max: 2 ** 24, unit: "pages", about: "pages of the tables" }),
    skew: number({ default: 0.9, min: 0, max: 4, unit: "", about: "skew of the rows asked for" }),
    updates: number({ default: 0.2, min: 0, max: 1, unit: "", about: "part of the queries that write" }),
    scans: count({ default: 2, min: 0, max: 1e6, about: "scans of all tables in the whole trace" }),
  },
  start([guest], random, { pages, skew, updates, scans }) {
    const index = Math.ceil(pages / 16);
    const log = Math.ceil(pages / 64);
    const process = guest.start(pages + index + log);
    const rank = zipfRanks(pages, skew, random);
    const pageOf = shuffled(pages, random);
    const indexRank = zipfRanks(index, 1, random);
    let loaded = 0;
    let logged = 0;
    let step = 0;
    let row = 0;
    let scan = 0;
    let scanned = pages;
    let isUpdate = false;
    return (done) => {
      if (loaded < pages) return guest.access(process, loaded++, true);
      if (scan < scans && done >= (scan + 1) / (scans + 1)) {
        guest.mark(30 + scan++);
        scanned = 0;
      }
      if (scanned < pages) return guest.access(process, scanned++, false);
      // A query: down the index, to a row, and into the log where it writes.
      if (step === 0) {
        row = pageOf[rank()];
        isUpdate = random() < updates;
      }
      const at = step++;
      if (at < 2) return guest.access(process, pages + indexRank(), false);
      if (at === 2) {
        if (!isUpdate) step = 0;
        return guest.access(process, row, isUpdate);
      }
      step = 0;
      guest.access(process, pages + index + (Math.floor(logged++ / 16) % log), true);
    };
  },
});
