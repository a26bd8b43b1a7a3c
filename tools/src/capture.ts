import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { find, InputError } from "@tidemark/data";
import { captureGuest } from "./capture/capture-guest.ts";
import { recipes } from "./capture/recipes.ts";

const BUILD = fileURLToPath(new URL("../capture/build", import.meta.url));

const HELP = `usage: pnpm capture WORKLOAD [-o FOLDER] [--memory MIB] [--strict N] [--public-api] [--kernel FILE] [--timeout S]

Boots a small Linux guest under QEMU, records its memory accesses, and makes a trace of them.

${recipes.map(({ name, about }) => `  ${name.padEnd(11)}${about}`).join("\n")}

  -o FOLDER      where the capture goes [captures]
  --memory MIB   of the guest [256]
  --strict N     every change of page, in exact order, up to N accesses of the workload; else merged by page and window
  --public-api   only what QEMU promises its plugins: no frames of fetches, no clock over sleeps, and before QEMU 9 no address spaces
  --kernel FILE  a bzImage instead of Debian's, which is downloaded
  --timeout S    wall time after which the guest is given up [600]

examples:
  pnpm capture alloc-4k
  pnpm capture fork --strict 4000000 -o my-captures
`;

/** `pnpm capture`: see HELP. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      output: { type: "string", short: "o", default: "captures" },
      memory: { type: "string", default: "256" },
      strict: { type: "string" },
      "public-api": { type: "boolean", default: false },
      kernel: { type: "string" },
      timeout: { type: "string", default: "600" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help || positionals.length !== 1) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { trace, sha256, allocs, checks } = await captureGuest(
    {
      recipe: find("workload", recipes, positionals[0]),
      output: values.output,
      build: BUILD,
      kernel: values.kernel,
      memoryMib: whole("--memory", values.memory, 64, 3072),
      publicApiOnly: values["public-api"],
      strictAccesses: values.strict === undefined ? undefined : whole("--strict", values.strict, 1, 1e12),
      timeoutS: whole("--timeout", values.timeout, 1, 86_400),
    },
    say,
  );
  for (const { what, passed, found } of checks) say(`${passed ? "checked" : "WRONG"}: ${what}: ${found}`);
  say(`records: sha256 ${sha256}; ${allocs} page allocations of the guest's kernel`);
  process.stdout.write(`${trace}\n`);
  say(`look at it: pnpm tidemark explain ${trace}`);
  if (checks.some(({ passed }) => !passed)) process.exitCode = 1;
}

function whole(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new InputError(`${option}: ${text} is no whole number from ${min} to ${max}`);
  return value;
}

try {
  await main();
} catch (error) {
  const isOurs = error instanceof InputError || (error instanceof TypeError && "code" in error);
  if (!isOurs) throw error;
  process.stderr.write(`capture: ${error.message.replace(/^capture: /, "")}\n`);
  process.exitCode = error instanceof InputError ? 1 : 2;
}
