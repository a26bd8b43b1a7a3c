import { tableSpec } from "../table.ts";

export const heatTable = tableSpec({
  name: "heat",
  about: "accesses by guest-physical range and time, in a bounded number of bins; empty bins are left out",
  columns: {
    vm: { type: "text", unit: "", about: "virtual machine" },
    time: { type: "time", unit: "ns", about: "begin of the bin" },
    timeEnd: { type: "time", unit: "ns", about: "end of the bin" },
    ppn: { type: "count", unit: "PPN", about: "first guest-physical page of the bin" },
    ppnEnd: { type: "count", unit: "PPN", about: "guest-physical page after the bin" },
    accesses: { type: "count", unit: "accesses", about: "accesses in the bin" },
  },
});
