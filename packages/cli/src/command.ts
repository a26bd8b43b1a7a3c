import type { Command } from "commander";

/**
 * A subcommand: declared as a value, mounted by main. Its file says what it is, and imports nothing that is slow to load; what it
 * does is `act` of the file of the same name in actions/, loaded when it runs (docs/decisions/0009-loading.md).
 */
export interface CliCommand {
  readonly name: string;
  mount(program: Command): void;
}
