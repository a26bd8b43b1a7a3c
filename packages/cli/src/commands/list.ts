import { defaultText, find, type Named, type Params } from "@tidemark/data/shapes";
import type { CliCommand } from "../command.ts";
import { print, printJson } from "../progress.ts";
import { table } from "../words.ts";

/** A kind of plug-in that can be listed. */
interface Kind extends Named {
  entries(): Promise<readonly Named[]>;
}

const kinds: readonly Kind[] = [
  { name: "formats", about: "input formats", entries: async () => (await import("@tidemark/ingest/formats")).formats },
  {
    name: "measured-formats",
    about: "formats of counters measured on real hosts",
    entries: async () => (await import("@tidemark/ingest/measured-formats")).measuredFormats,
  },
  { name: "workloads", about: "traces that can be made up", entries: async () => (await import("@tidemark/ingest/workloads")).workloads },
  { name: "estimators", about: "active-memory estimators", entries: async () => (await import("@tidemark/replay/estimators")).estimators },
  { name: "modes", about: "ways to translate addresses", entries: async () => (await import("@tidemark/replay/modes")).modes },
  { name: "cores", about: "processor cores whose TLBs are known", entries: async () => (await import("@tidemark/replay/cores")).cores },
  { name: "policies", about: "victim policies", entries: async () => (await import("@tidemark/replay/policies")).policies },
  { name: "observers", about: "what a replay records", entries: async () => (await import("@tidemark/replay/observers")).observers },
  { name: "charts", about: "charts of a report", entries: async () => (await import("@tidemark/report/charts")).charts },
];

export const list: CliCommand = {
  name: "list",
  mount(program) {
    program
      .command("list")
      .summary("list formats, measured formats, workloads, estimators, modes, cores, policies, observers or charts")
      .description(`Lists what there is of a kind: ${kinds.map(({ name }) => name).join(", ")}.`)
      .argument("<kind>", kinds.map(({ name }) => name).join(" | "))
      .option("--json", "print as JSON", false)
      .addHelpText("after", "\nExamples:\n  $ tidemark list formats\n  $ tidemark list estimators --json")
      .action(async (name: string, options: { readonly json: boolean }) => {
        const entries = await find("kind", kinds, name).entries();
        if (options.json) printJson({ schema: 1, [name]: entries.map(describe) });
        else print(entries.map(text).join("\n"));
      });
  },
};

/** The parts of a plug-in that can be printed. */
const describe = (entry: Named): object =>
  Object.fromEntries(Object.entries(entry).filter(([, value]: [string, unknown]) => typeof value !== "function"));

function text(entry: Named): string {
  const lines = [table(["", ""], [[entry.name, entry.about]], [0, 1]).trim()];
  if ("params" in entry && typeof entry.params === "object" && entry.params !== null) {
    // Whatever has `params` declares them as these.
    for (const [name, param] of Object.entries(entry.params as Params)) {
      const unit = param.type === "number" && param.unit !== "" && param.unit !== "ns" ? ` ${param.unit}` : "";
      lines.push(`    ${name}=${defaultText(param)}${unit}  ${param.about}`);
    }
  }
  return lines.join("\n");
}
