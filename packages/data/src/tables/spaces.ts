import { tableSpec } from "../table.ts";

export const spacesTable = tableSpec({
  name: "spaces",
  about: "what each guest address space touched over the whole trace",
  columns: {
    vm: { type: "text", unit: "", about: "virtual machine" },
    space: { type: "text", unit: "", about: "guest address space: kernel, user (space unknown) or the space's own number" },
    virtualPages: { type: "count", unit: "pages", about: "distinct virtual pages" },
    accesses: { type: "count", unit: "accesses", about: "accesses" },
    writes: { type: "count", unit: "accesses", about: "of these, writes" },
    first: { type: "time", unit: "ns", about: "first access" },
    last: { type: "time", unit: "ns", about: "last access" },
  },
});
