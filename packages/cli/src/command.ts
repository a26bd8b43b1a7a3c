import type { Command } from "commander";

/** A subcommand: declared as a value, mounted by main. */
export interface CliCommand {
  readonly name: string;
  mount(program: Command): void;
}
