#!/usr/bin/env node
import { Command } from "commander";
import { discardUnfinished, fileProblem } from "@tidemark/data/shapes";
import { commands } from "./commands.ts";
import { exitCodeOf, usageLine } from "./failure.ts";
import { endProgress } from "./progress.ts";
import { TOOL_VERSION } from "./version.ts";

/** Exit codes of signals: 128 + the signal's number. */
const STOPS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

for (const [signal, code] of Object.entries(STOPS)) process.on(signal, () => stop(code));
// Without a listener the file-size limit kills the process; with one, the write fails and is reported.
process.on("SIGXFSZ", () => {});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") stop(0); // the reader has seen enough
  stop(exitCodeOf(fileProblem(error, "standard output")));
});
// Nobody reads what is said: the work goes on.
process.stderr.on("error", () => {});
process.on("uncaughtException", (error) => stop(exitCodeOf(error)));

function stop(code: number): never {
  endProgress();
  discardUnfinished();
  process.exit(code);
}

const program = new Command("tidemark")
  .description("Explains why a VM's consumed memory exceeds its active memory, from captured guest memory traces.")
  .version(TOOL_VERSION)
  .exitOverride()
  .configureHelp({
    showGlobalOptions: false,
    // "off unless given" goes without saying.
    optionDescription: ({ description, argChoices, defaultValue }) => {
      const choices = argChoices === undefined ? "" : `: ${argChoices.join(", ")}`;
      return `${description}${choices}${typeof defaultValue === "string" ? `; default: ${defaultValue}` : ""}`;
    },
  })
  .configureOutput({ outputError: (text, write) => write(usageLine(text, "tidemark")) })
  .addHelpText(
    "after",
    `
Examples:
  $ tidemark explain guest.csv.gz guest.kmem.csv.gz --at 6.5s --window 1s -o report.html
  $ tidemark ingest guest.csv.gz -o guest.trace && tidemark info guest.trace
  $ tidemark replay scenario.yaml -o run && tidemark report run -o report.html --png charts

Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 a bug of ours or a case of compare that failed, 2 something about the input, 130 interrupted.`,
  );
for (const command of commands) command.mount(program);
for (const command of program.commands)
  command.configureOutput({ outputError: (text, write) => write(usageLine(text, `tidemark ${command.name()}`)) });

try {
  await program.parseAsync();
} catch (error) {
  endProgress();
  discardUnfinished();
  process.exitCode = exitCodeOf(error);
}
