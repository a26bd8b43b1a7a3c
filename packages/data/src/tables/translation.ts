import { tableSpec } from "../table.ts";

export const translationTable = tableSpec({
  name: "translation",
  about: "address translation counted walk by walk, per VM, mode and core",
  columns: {
    vm: { type: "text", unit: "", about: "virtual machine" },
    mode: { type: "text", unit: "", about: "translation mode; trace for what the guest did whatever translates it" },
    core: { type: "text", unit: "", about: "processor core whose TLBs and walk caches are modelled" },
    group: { type: "text", unit: "", about: "group of counters: guest, tlb, walks, references, exits, hypervisor" },
    counter: { type: "text", unit: "", about: "the counter's name within its group" },
    value: { type: "count", unit: "events", about: "how often, or how many pages where the counter says so" },
  },
});
