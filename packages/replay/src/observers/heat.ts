import { heatTable, tableOf, type Row } from "@tidemark/data/shapes";
import type { Observer } from "../observer.ts";

/** Bins of the map, at most: whatever the trace's length and the VM's size. */
const TIME_BINS_MAX = 240,
  PPN_BINS_MAX = 128;

/** Accesses by guest-physical range and time. Time bins are whole sample periods, so a stretch of accesses lies in one. */
export const heat: Observer = {
  name: "heat",
  about: "accesses by guest-physical range and time",
  create({ machine, schedule }) {
    const { originNs, endNs, sampleNs } = schedule;
    const samples = Math.floor((endNs - originNs) / sampleNs) + 1;
    const samplesPerBin = Math.ceil(samples / TIME_BINS_MAX);
    const binNs = samplesPerBin * sampleNs;
    const timeBins = Math.floor((endNs - originNs) / binNs) + 1;
    const maps = machine.vms.map(({ configuredPages }) => {
      let shift = 0;
      while (Math.ceil(configuredPages / 2 ** shift) > PPN_BINS_MAX) shift++;
      const ppnBins = Math.ceil(configuredPages / 2 ** shift);
      return { configuredPages, shift, ppnBins, cells: new Float64Array(timeBins * ppnBins) };
    });
    return {
      accesses({ timeNs, vm, ppn, count }, from, to) {
        // Epoch ends belong to the epoch before them: a stretch's last row decides its bin.
        const bin = Math.max(0, Math.ceil((timeNs[to - 1] - originNs) / binNs) - 1);
        for (let start = from; start < to;) {
          const v = vm[start];
          const { configuredPages, shift, ppnBins, cells } = maps[v];
          const row = bin * ppnBins;
          let i = start;
          for (; i < to && vm[i] === v; i++) if (ppn[i] < configuredPages) cells[row + (ppn[i] >>> shift)] += count[i];
          start = i;
        }
      },
      finish() {
        const rows: Row<typeof heatTable.columns>[] = [];
        maps.forEach(({ configuredPages, shift, ppnBins, cells }, v) => {
          for (let cell = 0; cell < cells.length; cell++) {
            if (cells[cell] === 0) continue;
            const time = originNs + Math.floor(cell / ppnBins) * binNs;
            const ppn = (cell % ppnBins) * 2 ** shift;
            rows.push({
              vm: machine.vms[v].name,
              time,
              timeEnd: Math.min(time + binNs, endNs),
              ppn,
              ppnEnd: Math.min(ppn + 2 ** shift, configuredPages),
              accesses: cells[cell],
            });
          }
        });
        return [tableOf(heatTable, rows)];
      },
    };
  },
};
