import { PAGE_BYTES, roundTime, type Trace } from "@tidemark/data/shapes";
import type { InfoOptions } from "../commands/info.ts";
import { openInput } from "../open-input.ts";
import { print, printJson } from "../progress.ts";
import { table, whole } from "../words.ts";

export async function act(inputs: string[], options: InfoOptions): Promise<void> {
  const input = await openInput(inputs, options);
  try {
    if (options.json) printJson(infoJson(input.trace));
    else print(infoText(input.trace));
  } finally {
    input.discard();
  }
}

/** `info --json`: totals, then one object per VM; times in ns, memory in pages. */
export function infoJson({ manifest }: Trace): object {
  const { vms, originNs, endNs } = manifest;
  const sum = (of: (vm: (typeof vms)[number]) => number): number => vms.reduce((total, vm) => total + of(vm), 0);
  return {
    schema: 1,
    pageBytes: PAGE_BYTES,
    rows: sum((vm) => vm.rows),
    accesses: sum((vm) => vm.accesses),
    virtualPages: sum((vm) => vm.virtualPages),
    guestPhysicalPages: sum((vm) => vm.guestPhysicalPages),
    firstNs: originNs,
    lastNs: endNs,
    spanNs: originNs === null || endNs === null ? null : endNs - originNs,
    vms: vms.map(({ configuredBytes, ...vm }) => ({
      ...vm,
      configuredPages: configuredBytes === null ? null : configuredBytes / PAGE_BYTES,
    })),
    sources: manifest.sources,
    captured: manifest.captured,
    synthesised: manifest.synthesised,
  };
}

function infoText({ name, manifest }: Trace): string {
  const span = (first: number | null, last: number | null): string =>
    first === null || last === null ? "–" : `${roundTime(first)} – ${roundTime(last)}`;
  const vms = table(
    ["VM", "rows", "accesses", "writes", "virtual pages", "guest-physical", "configured", "guest events", "span"],
    manifest.vms.map((vm) => [
      vm.name,
      whole(vm.rows),
      whole(vm.accesses),
      whole(vm.writes),
      whole(vm.virtualPages),
      whole(vm.guestPhysicalPages),
      vm.configuredBytes === null ? "not stated" : whole(vm.configuredBytes / PAGE_BYTES),
      whole(vm.guestEvents),
      span(vm.firstNs, vm.lastNs),
    ]),
    [0, 8],
  );
  const sources = table(
    ["source", "format", "rows", "rejected", "sha256"],
    manifest.sources.map((source) => [source.name, source.format, whole(source.rows), whole(source.rejected), source.sha256.slice(0, 16)]),
    [0, 1, 4],
  );
  const notes = manifest.sources.flatMap((source) => source.notes.map((note) => `  ${source.name}: ${note}`));
  return [
    name,
    "",
    vms,
    "",
    sources,
    ...notes,
    "",
    `captured: ${manifest.captured.join("; ") || "nothing"}`,
    `synthesised or assumed: ${manifest.synthesised.join("; ") || "nothing"}`,
  ].join("\n");
}
