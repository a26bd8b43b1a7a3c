import { CommanderError } from "commander";
import { InputError } from "@tidemark/data/shapes";
import { visibleLine, visibleText } from "./visible-text.ts";

const EXIT_BUG = 1,
  EXIT_INPUT = 2;

/** Says on stderr what went wrong, in one line where the user can put it right; gives the exit code. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_INPUT; // `usageLine` has said why
  if (error instanceof InputError) {
    process.stderr.write(`tidemark: ${visibleLine(error.message.replaceAll("\n", " "))}\n`);
    return EXIT_INPUT;
  }
  process.stderr.write(`tidemark: ${visibleText(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
  return EXIT_BUG;
}

/** commander's complaint about a command line as one line of ours. */
export function usageLine(text: string, command: string): string {
  const said = text
    .replace(/^error: /, "")
    .trim()
    .replace(/\n\(Did you mean (.*)\?\)/s, "; did you mean $1?")
    .replaceAll("\n", " ")
    .replace(/\.$/, "")
    .replace(/\. (\w)/g, (_, letter: string) => `: ${letter.toLowerCase()}`);
  return `tidemark: ${visibleLine(said)} (${command} --help shows what there is)\n`;
}
