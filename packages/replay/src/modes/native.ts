import { mode } from "../mode.ts";

export const native = mode({
  name: "native",
  about: "no hypervisor: the hardware walks the guest's own tables; the baseline",
  source: "Intel SDM vol. 3A, chapter Paging",
  params: {},
  hasHost: false,
  isBuilt: true,
  isFlat: false,
  tickNs: () => 0,
  create: () => ({
    guestLevel: 0,
    walk: (hardware, _page, node, ppn) => hardware.walk(node, 0, ppn),
    found() {},
    loaded() {},
    written() {},
    invalidated() {},
    faulted() {},
    forget() {},
  }),
});
