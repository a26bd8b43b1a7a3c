import { tableSpec } from "../table.ts";

export const guestTable = tableSpec({
  name: "guest",
  about: "the guest's own view, from its /proc/meminfo samples",
  columns: {
    time: { type: "time", unit: "ns", about: "instant of the sample" },
    vm: { type: "text", unit: "", about: "virtual machine" },
    total: { type: "count", unit: "pages", about: "MemTotal: what the guest kernel manages" },
    free: { type: "count", unit: "pages", about: "MemFree" },
    used: { type: "count", unit: "pages", about: "MemTotal − MemFree" },
    available: { type: "count", unit: "pages", about: "MemAvailable" },
    cached: { type: "count", unit: "pages", about: "Cached + Buffers: page cache, tmpfs included" },
    anonymous: { type: "count", unit: "pages", about: "AnonPages" },
    slab: { type: "count", unit: "pages", about: "Slab" },
    outside: { type: "count", unit: "pages", about: "configured memory outside MemTotal" },
  },
});
