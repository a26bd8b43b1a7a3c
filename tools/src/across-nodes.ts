import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// `node tools/dist/across-nodes.js`: whether runs, SVGs and specs of bundled captures are the same bytes under Node 20, 22 and 24.
// Needs the package registry: npx brings the Nodes.
const VERSIONS = ["20", "22", "24"];
const root = fileURLToPath(new URL("../..", import.meta.url));
const main = join(root, "packages/cli/dist/main.js");
const trace = (folder: string, ...files: readonly string[]): readonly string[] =>
  files.map((file) => join(root, "traces", folder, `${folder}.${file}.csv.gz`));
const ALLOC = trace("alloc-4k", "full-10ms", "kmem", "pages");
const FORK = trace("fork", "strict-data", "strict4M.events");

const folder = mkdtempSync(join(tmpdir(), "tidemark-nodes-"));
try {
  const found = VERSIONS.map((version) => {
    const node = (...args: readonly string[]): string =>
      execFileSync("npx", ["-y", "-p", `node@${version}`, "node", ...args], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    const exact = node("--version").trim();
    if (!exact.startsWith(`v${version}.`)) throw new Error(`npx gave Node ${exact} for ${version}`);
    const files = (of: string): readonly string[] => [
      "--run",
      `${version}/${of}.run`,
      "--svg",
      `${version}/${of}`,
      "--spec",
      `${version}/${of}`,
    ];
    node(main, "explain", ...ALLOC, "--at", "7s", "--window", "1s", ...files("alloc-4k"));
    node(main, "translate", ...FORK, "--order", "exact", ...files("fork"));
    return { exact, digests: digestsIn(join(folder, version)) };
  });
  const [first, ...others] = found;
  for (const { exact, digests } of others) {
    const names = new Set([...first.digests.keys(), ...digests.keys()]);
    const differ = [...names].filter((name) => first.digests.get(name) !== digests.get(name));
    process.stdout.write(`${exact}: ${digests.size - differ.length} of ${names.size} files are those of ${first.exact}\n`);
    for (const name of differ) process.stderr.write(`${exact}: ${name} differs\n`);
    if (differ.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

function digestsIn(of: string): ReadonlyMap<string, string> {
  const names = readdirSync(of, { recursive: true, encoding: "utf8" }).filter((name) => /\.(svg|vl\.json|arrow|json)$/.test(name));
  return new Map(
    names.sort().map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(of, name)))
        .digest("hex"),
    ]),
  );
}
