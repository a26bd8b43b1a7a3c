import { readFileSync } from "node:fs";
import { fileProblem, InputError } from "@tidemark/data";
import { cores, parseCore, parseScenario, translate, type Core } from "@tidemark/replay";
import type { CliCommand } from "../command.ts";
import { withExportOptions } from "../export-options.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { openInput } from "../open-input.ts";
import { collect } from "../option-values.ts";
import { preflight } from "../preflight.ts";
import { print, printJson, progress } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs, type RunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";

interface TranslateOptions extends IngestOptions, RunOutputs {
  /** Undefined: the scenario's default. */
  readonly core?: readonly string[];
  readonly modes?: readonly string[];
  readonly pages?: readonly string[];
  readonly warm: boolean;
  readonly untagged: boolean;
  readonly set: readonly string[];
  readonly json: boolean;
}

const list = (value: string, before: readonly string[] = []): readonly string[] => [...before, ...value.split(",")];

export const translateCommand: CliCommand = {
  name: "translate",
  mount(program) {
    const command = withIngestOptions(
      program
        .command("translate")
        .summary("count what address translation costs: native, shadow, nested, agile")
        .description(
          "Takes every access of a trace through the TLBs and page-table walks of a processor core, in several translation modes at once, and prices what it counted.",
        )
        .argument("<inputs...>", "a trace folder, or captured files of any known format"),
    )
      .option(
        "--core <names>",
        "cores, separated by commas: names (tidemark list cores), or files of one's own (.json); default: skylake",
        list,
      )
      .option("--modes <names>", "modes, separated by commas, or all (tidemark list modes); default: all", list)
      .option(
        "--pages <guest/host>",
        "page sizes, separated by commas, e.g. 4k/4k,2m/2m; guest: trace (what its map events say, else 4k), 4k, 2m, 1g; host: backing (the VM's), 4k, 2m, 1g; default: trace/backing",
        list,
      )
      .option("--warm", "the hypervisor's tables start with every mapping that was there from the start", false)
      .option("--untagged", "TLBs without address-space tags: CR3 loads flush them", false)
      .option(
        "--set <path=value>",
        "override a value of the scenario's translation, or a VM's name, size or backing, e.g. translation.costs.exit=2500, vms.0.backing=2m; repeatable",
        collect,
        [],
      )
      .option("-o, --output <report.html>", "write the report page")
      .option("--run <folder>", "keep the run: its manifest and tables")
      .option("--json", "print counters and costs as JSON", false)
      .addHelpText(
        "after",
        `
Examples:
  $ tidemark translate web.trace --core zen4 --modes all --json
  $ tidemark translate web.trace --core skylake,mine.json --pages 4k/4k,2m/4k,2m/2m -o translation.html
  $ tidemark translate web.trace --modes nested,agile --set translation.modes.1.interval=100ms --set translation.costs.exit=2500`,
      )
      .action(async (inputs: string[], options: TranslateOptions) => {
        await checkRunOutputs(options);
        checkSets(options.set);
        const translation = translationOf(options);
        const read = (vms: readonly object[], sets: readonly string[]) =>
          parseScenario(JSON.stringify({ vms, translation }), "translate", sets, optionAt(options));
        read([{ trace: "any" }], ownSets(options.set));
        const input = await openInput(inputs, options);
        try {
          const vms = input.trace.manifest.vms.map(({ name }) => ({
            trace: input.path,
            vm: name,
            ...(options.size === undefined ? {} : { size: options.size }),
          }));
          const scenario = read(vms, options.set);
          preflight([input.trace.manifest], false);
          const run = await translate({ scenario, open: () => input.trace, tool: TOOL, progress: progress("translating") });
          await writeRunOutputs(run, options);
          if (options.json) {
            const { translationJson } = await import("../translation-json.ts");
            printJson(translationJson(run));
          } else {
            const { translationText } = await import("../translation-text.ts");
            print(translationText(run));
          }
        } finally {
          input.discard();
        }
      });
    withExportOptions(command);
  },
};

/** The scenario's `translation` as the options say it. */
function translationOf({ core, modes, pages, warm, untagged }: TranslateOptions): object {
  return {
    core: core?.map(coreOf),
    modes: modes === undefined || (modes.length === 1 && modes[0] === "all") ? "all" : modes.map((name) => ({ name })),
    pages,
    warm,
    tagged: !untagged,
  };
}

/** The option that wrote at a path of the scenario: `--core z80` at translation.core.1. */
const optionAt =
  (options: TranslateOptions) =>
  ([first, key, at]: readonly (string | number)[]): string | undefined =>
    first === "translation" && (key === "core" || key === "modes" || key === "pages")
      ? `--${key} ${(typeof at === "number" ? options[key]?.[at] : undefined) ?? options[key]?.join(",") ?? ""}`
      : undefined;

/** What would be set and never read is refused. */
function checkSets(sets: readonly string[]): void {
  const unread = sets.find((set) => /^[^=]+=/.test(set) && !/^(translation[.=]|vms\.\d+\.(name|size|backing)=)/.test(set));
  if (unread !== undefined)
    throw new InputError(
      `--set ${unread}: of a scenario, translate reads only translation and its VMs' name, size and backing; the rest is for tidemark replay`,
    );
}

/** Sets that do not need to know which VMs there are. */
const ownSets = (sets: readonly string[]): readonly string[] => sets.filter((set) => !set.startsWith("vms."));

/** A known core by its name; a file of one's own as what it says. */
function coreOf(name: string): string | Core {
  if (cores.some((each) => each.name === name) || !/[./\\]/.test(name)) return name;
  let text: string;
  try {
    text = readFileSync(name, "utf8");
  } catch (error) {
    throw fileProblem(error, name);
  }
  return parseCore(text, name);
}
