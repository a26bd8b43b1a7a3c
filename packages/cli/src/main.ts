#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { discardUnfinished, InputError } from "@tidemark/data";
import { commands } from "./commands.ts";
import { endProgress } from "./progress.ts";
import { TOOL_VERSION } from "./version.ts";

const EXIT_BUG = 1,
  EXIT_INPUT = 2,
  EXIT_INTERRUPTED = 130,
  EXIT_TERMINATED = 143;

process.on("SIGINT", () => stop(EXIT_INTERRUPTED));
process.on("SIGTERM", () => stop(EXIT_TERMINATED));
// Without a listener the file-size limit kills the process; with one, the write fails and is reported.
process.on("SIGXFSZ", () => {});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") stop(0); // the reader has seen enough
  throw error;
});

function stop(code: number): never {
  endProgress();
  discardUnfinished();
  process.exit(code);
}

const program = new Command("tidemark")
  .description("Explains why a VM's consumed memory exceeds its active memory, from captured guest memory traces.")
  .version(TOOL_VERSION)
  .showHelpAfterError("(--help shows what is possible)")
  .exitOverride()
  .configureHelp({ showGlobalOptions: false })
  .addHelpText(
    "after",
    `
Examples:
  $ tidemark explain guest.csv.gz guest.kmem.csv.gz --at 6.5s --window 1s -o report.html
  $ tidemark ingest guest.csv.gz -o guest.trace && tidemark info guest.trace
  $ tidemark replay scenario.yaml -o run && tidemark report run -o report.html --png charts

Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 a bug of ours, 2 something about the input, 130 interrupted.`,
  );
for (const command of commands) command.mount(program);

try {
  await program.parseAsync();
} catch (error) {
  endProgress();
  discardUnfinished();
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_INPUT; // commander has said why
  } else if (error instanceof InputError) {
    process.stderr.write(`tidemark: ${error.message}\n`);
    process.exitCode = EXIT_INPUT;
  } else {
    process.stderr.write(`tidemark: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = EXIT_BUG;
  }
}
