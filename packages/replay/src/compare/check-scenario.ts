import type { Trace } from "@tidemark/data/shapes";
import { startWithContents } from "../contents-alone.ts";
import { openGuests } from "../guests.ts";
import { planHost } from "../host/create-host.ts";
import { filledScenario } from "../host/mechanisms.ts";
import type { Scenario } from "../scenario.ts";
import { spanOf } from "../span.ts";

/** What `replay` refuses before it begins, as the same InputError: VMs, mechanisms, admission to the host. */
export async function checkScenario(scenario: Scenario, open: (path: string) => Trace): Promise<void> {
  filledScenario(scenario);
  const opened = await openGuests(scenario, open);
  const guests = scenario.host === undefined ? opened : await startWithContents(opened);
  spanOf(guests, scenario.span);
  planHost(scenario, guests);
}
