import type { Command } from "commander";

/** A subcommand: declared as a value, mounted by main. What is slow to load (charts) its action imports when it needs it. */
export interface CliCommand {
  readonly name: string;
  mount(program: Command): void;
}
