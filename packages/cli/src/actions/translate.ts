import { readFileSync } from "node:fs";
import { fileProblem, InputError } from "@tidemark/data/shapes";
import { cores, parseCore, parseScenario, translate, type Core } from "@tidemark/replay";
import type { TranslateOptions } from "../commands/translate.ts";
import { openInput } from "../open-input.ts";
import { preflight } from "../preflight.ts";
import { print, printJson, progress } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";

export async function act(inputs: string[], options: TranslateOptions): Promise<void> {
  await checkRunOutputs(options, inputs);
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
}

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
