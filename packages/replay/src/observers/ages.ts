import { agesTable, tableOf, type Row } from "@tidemark/data/shapes";
import type { Observer } from "../observer.ts";
import { epochAfter, type Schedule } from "../schedule.ts";

/** Resident memory colder than t, for t = 1, 2, 5 × 10^k sample periods up to the span of the trace. */
export const ages: Observer = {
  name: "ages",
  about: "cold memory: resident pages not touched for at least an age",
  create({ machine, schedule }) {
    const thresholds = ageThresholds(schedule);
    const rows: Row<typeof agesTable.columns>[] = [];
    return {
      sample({ vm: v, timeNs, ledger }) {
        const vm = machine.vms[v];
        const { touched, epoch } = vm.census;
        let pages = ledger.grantedPages - vm.touchedPages;
        let from = 1;
        const colder: number[] = [];
        for (const ageNs of thresholds.toReversed()) {
          for (const end = Math.min(epochAfter(schedule, timeNs - ageNs), epoch + 1); from < end; from++) pages += touched[from];
          colder.push(pages);
        }
        thresholds.forEach((ageNs, i) => {
          if (ageNs <= timeNs - schedule.originNs)
            rows.push({ time: timeNs, vm: vm.name, age: ageNs, pages: colder[thresholds.length - 1 - i] });
        });
      },
      finish: () => [tableOf(agesTable, rows)],
    };
  },
};

function ageThresholds({ sampleNs, originNs, endNs }: Schedule): readonly number[] {
  const thresholds: number[] = [];
  for (let power = 1; power * sampleNs <= endNs - originNs; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power * sampleNs <= endNs - originNs) thresholds.push(digit * power * sampleNs);
  }
  return thresholds;
}
