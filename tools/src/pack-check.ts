import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

// `pnpm pack:check`: packs every package as it would be published, lints the tarballs, and runs the command from an
// empty folder into which npm has installed them. Needs the package registry.
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tidemark-pack-"));
const problems: string[] = [];

const run = (cwd: string, file: string, ...args: string[]): string => execFileSync(file, args, { cwd, encoding: "utf8" });

/** What the tarball of a package holds that it should not: output whose source is gone, and what only tests need. */
function strays(name: string, tarball: string): string[] {
  const packed = run(folder, "tar", "tzf", tarball).split("\n");
  const modules = packed.flatMap((path) => /^package\/dist\/(.*)\.js$/.exec(path)?.[1] ?? []);
  return modules.filter((path) => /(\.test|^testing|-laws)$/.test(path) || !existsSync(join(root, "packages", name, "src", `${path}.ts`)));
}

try {
  const tarballs: string[] = [];
  for (const name of readdirSync(join(root, "packages"))) {
    const before = new Set(readdirSync(folder));
    run(join(root, "packages", name), "npx", "-y", "pnpm@12.21.0", "pack", "--pack-destination", folder);
    const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz") && !before.has(file));
    if (tarball === undefined) throw new Error(`bug: pnpm pack wrote nothing for ${name}`);
    tarballs.push(join(folder, tarball));
    const bytes = readFileSync(join(folder, tarball));
    const content = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice().buffer;
    const { messages, pkg } = await publint({ pack: { tarball: content }, level: "suggestion" });
    for (const message of messages) problems.push(`${name}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
    for (const path of strays(name, join(folder, tarball)))
      problems.push(`${name}: dist/${path}.js does not belong there; remove packages/${name}/dist and build again`);
    process.stdout.write(`${basename(tarball)}: ${bytes.length} bytes\n`);
  }
  run(folder, "npm", "init", "-y");
  run(folder, "npm", "install", "--no-audit", "--no-fund", ...tarballs);
  const traces = ["strict-data", "strict4M.events"].map((file) => join(root, "traces/fork", `fork.${file}.csv.gz`));
  const command = join(folder, "node_modules/.bin/tidemark");
  run(folder, command, "explain", ...traces, "--order", "exact", "-o", "report.html", "--png", "charts");
  if (!existsSync(join(folder, "report.html")) || readdirSync(join(folder, "charts")).length === 0)
    problems.push("the installed command wrote no report");
  else process.stdout.write(`installed: tidemark ${run(folder, command, "--version").trim()} explains a bundled trace\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
