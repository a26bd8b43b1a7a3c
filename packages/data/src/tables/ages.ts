import { tableSpec } from "../table.ts";

export const agesTable = tableSpec({
  name: "ages",
  about: "cold memory: resident pages not touched for at least an age, at every sample",
  columns: {
    time: { type: "time", unit: "ns", about: "sample instant" },
    vm: { type: "text", unit: "", about: "virtual machine" },
    age: { type: "time", unit: "ns", about: "age: the last touch is at least this long ago" },
    pages: { type: "count", unit: "pages", about: "resident pages at least this old; never-touched pages count at every age" },
  },
});
