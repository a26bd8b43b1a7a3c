import { tableSpec } from "../table.ts";

export const actionsTable = tableSpec({
  name: "actions",
  about: "every change of the host's state and every decision about a VM, with its reason",
  columns: {
    time: { type: "time", unit: "ns", about: "instant, on the replay's clock" },
    vm: { type: "text", unit: "", about: "the VM concerned; empty for the host" },
    action: {
      type: "text",
      unit: "",
      about: "what was done: state, balance, target, balloon, page out, share, break, report, proactive, senpai, stop",
    },
    pages: {
      type: "number",
      unit: "pages",
      about: "pages moved or asked for; of a state the free pages; a balloon that shrinks is negative",
    },
    reason: { type: "text", unit: "", about: "why, for people" },
  },
});
