import { parseScenario, rightsize } from "@tidemark/replay";
import type { RightsizeOptions } from "../commands/rightsize.ts";
import { openVms } from "../pick-vms.ts";
import { needsPreflight } from "../preflight.ts";
import { print, printJson, progress } from "../progress.ts";
import { checkRunOutputs, writeRunOutputs } from "../run-outputs.ts";
import { TOOL } from "../version.ts";

export async function act(inputs: string[], options: RightsizeOptions): Promise<void> {
  const { estimator = [], window } = options;
  await checkRunOutputs(options, inputs);
  const { input, vms } = await openVms(inputs, options);
  try {
    const size = options.size === undefined ? {} : { size: options.size };
    const scenario = parseScenario(
      JSON.stringify({
        seed: Number(options.seed),
        ...(window === undefined ? {} : { window }),
        vms: vms.map(({ name }) => ({ trace: input.path, vm: name, ...size })),
      }),
      "rightsize",
      estimator,
    );
    needsPreflight(vms);
    const run = await rightsize({
      scenario,
      open: () => input.trace,
      windowsNs: options.windows,
      stallsNs: options.stall,
      pageInNs: options.pageIn,
      extra: options.extra,
      tool: TOOL,
      progress: progress("counting working sets"),
    });
    await writeRunOutputs(run, options);
    if (options.json) {
      const { rightsizeJson } = await import("../rightsize-json.ts");
      printJson(rightsizeJson(run));
    } else {
      const { rightsizeText } = await import("../rightsize-text.ts");
      print(rightsizeText(run));
    }
  } finally {
    input.discard();
  }
}
