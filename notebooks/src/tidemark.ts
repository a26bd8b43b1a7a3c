import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));

/** Runs `tidemark LINE`, a line as one types it in a shell; where it fails, the cell ends with its message and code. */
export function tidemark(line: string): void {
  const shell = `exec "$NODE" "$TIDEMARK" ${line}`;
  const { status, stderr } = spawnSync("sh", ["-c", shell], {
    env: { ...process.env, NODE: process.execPath, TIDEMARK: COMMAND },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status === 0) return;
  process.stderr.write(`tidemark ${line}\n${stderr}`);
  process.exit(status ?? 1);
}
