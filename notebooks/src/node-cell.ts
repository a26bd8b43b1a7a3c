import { spawn } from "node:child_process";
import { InputError } from "@tidemark/data";

/**
 * Runs a node cell of a notebook in `folder` and gives what it printed: JSON, the value of the cell.
 * (The kit's own runner lets a cell read its folder and write nothing; ours reads traces and keeps runs.)
 */
export async function runNodeCell(code: string, folder: string, where: string): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stdin.end(code);
  const ended = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (ended !== 0) throw new InputError(`${where}: the cell ended with ${ended ?? "a signal"}; what it said stands above`);
  const text = Buffer.concat(printed).toString();
  try {
    JSON.parse(text);
  } catch {
    throw new InputError(
      `${where}: printed "${text.slice(0, 60)}"; a node cell prints one value as JSON: console.log(JSON.stringify(value))`,
    );
  }
  return text;
}
