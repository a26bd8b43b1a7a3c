import type { CliCommand } from "../command.ts";
import { withExportOptions } from "../export-options.ts";
import { withIngestOptions, type IngestOptions } from "../ingest-options.ts";
import { collect } from "../option-values.ts";
import type { RunOutputs } from "../run-outputs.ts";

export interface TranslateOptions extends IngestOptions, RunOutputs {
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
      .action(async (inputs: string[], options: TranslateOptions) => (await import("../actions/translate.ts")).act(inputs, options));
    withExportOptions(command);
  },
};
