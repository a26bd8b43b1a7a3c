import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

/** Debian's packages slurmctld, slurmd and slurm-client: installed, or unpacked (dpkg -x) below SLURM_ROOT. */
const root = process.env["SLURM_ROOT"] ?? "";
const daemon = (name: string): string => `${root}/usr/sbin/${name}-wlm`;
const library = ["x86_64", "aarch64"]
  .map((machine) => `${root}/usr/lib/${machine}-linux-gnu`)
  .find((path) => existsSync(`${path}/slurm-wlm`));
const isThere = library !== undefined && ["slurmctld", "slurmd", "slurmstepd"].every((name) => existsSync(daemon(name)));
if (!isThere) console.warn("skipped: the sweep on Slurm (apt-get install slurmctld slurmd slurm-client, or SLURM_ROOT)");

const tool = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const main = fileURLToPath(new URL("../../packages/cli/dist/main.js", import.meta.url));
// Where all tests of a file are skipped, nothing runs after them.
const folder = isThere ? mkdtempSync(join(tmpdir(), "tidemark-slurm-")) : "";
const daemons: ChildProcess[] = [];
afterAll(async () => {
  for (const each of daemons) each.kill("SIGTERM");
  await Promise.all(daemons.map((each) => (each.exitCode === null ? new Promise((ended) => each.once("exit", ended)) : undefined)));
  rmSync(folder, { recursive: true, force: true });
});

const env = {
  ...process.env,
  SLURM_CONF: join(folder, "slurm.conf"),
  TIDEMARK: `${process.execPath} ${main}`,
  LD_LIBRARY_PATH: `${library ?? ""}:${library ?? ""}/slurm-wlm`,
};
const run = (file: string, ...args: readonly string[]): string =>
  execFileSync(file, args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const slurm = (name: string, ...args: readonly string[]): string => run(`${root}/usr/bin/${name}`, ...args);
const tidemark = (...args: readonly string[]): string => run(process.execPath, main, ...args);

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(50)) if (isSo()) return;
  throw new Error(`not within a minute: ${what}`);
}

async function startSlurm(): Promise<void> {
  const host = hostname().split(".")[0] ?? "";
  const values: { readonly [name: string]: string } = {
    USER: userInfo().username,
    HOST: host,
    CPUS: String(availableParallelism()),
    DIR: folder,
    PLUGINS: `${library ?? ""}/slurm-wlm`,
    PORT: String(await freePort()),
    PORT2: String(await freePort()),
  };
  const template = readFileSync(tool("slurm/one-node.conf"), "utf8").replaceAll(/^#.*\n/gm, "");
  writeFileSync(
    env.SLURM_CONF,
    template.replaceAll(/@(\w+)@/g, (_, name: string) => values[name] ?? ""),
  );
  for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
  const start = (name: string, ...args: readonly string[]): void =>
    void daemons.push(spawn(daemon(name), ["-D", "-f", env.SLURM_CONF, ...args], { env, stdio: "ignore" }));
  start("slurmctld");
  start("slurmd", "-d", daemon("slurmstepd"), "-N", host);
  await until("the node is idle", () => {
    try {
      return slurm("sinfo", "-h", "-o", "%T").trim() === "idle";
    } catch {
      return false; // the controller does not answer yet
    }
  });
}

/** A job's tasks that are waiting or running. */
const isDone = (): boolean => slurm("squeue", "-h").trim() === "";

const digestsIn = (path: string): readonly (readonly [string, string])[] =>
  readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(path, name)).isFile())
    .sort()
    .map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(path, name)))
        .digest("hex"),
    ]);

test.skipIf(!isThere)(
  "a sweep on a cluster, one task killed and submitted again, gives what one machine gives",
  { timeout: 180_000 },
  async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${(i + 1) * 100_000_000},0x${((i * 7) % 64).toString(16)}000,W`);
    writeFileSync(join(folder, "web.csv"), `time_ns,gpa,op\n${rows.join("\n")}\n`);
    tidemark("ingest", "web.csv", "-o", "web.trace");
    const base = "base:\n  host: { memory: 400KiB, minFree: 16KiB, overheadPerVm: 0 }\n  share: off\n  vms: [{ trace: web.trace }]\n";
    writeFileSync(join(folder, "experiment.yaml"), `${base}vary:\n  host.memory: [400KiB, 300KiB, 200KiB]\n  swap.policy: [random, lru]\n`);
    tidemark("compare", "experiment.yaml", "-o", "one");
    await startSlurm();

    const submit = (tasks: string): string =>
      slurm("sbatch", "--parsable", `--array=${tasks}`, tool("slurm/sweep.sbatch"), "3", "experiment.yaml", "out").trim();
    const job = submit("1-3");
    const begun = join(folder, "out/slice-2/cases");
    await until("the second slice has begun", () => existsSync(begun));
    slurm("scancel", "--signal=KILL", "--full", `${job}_2`);
    await until("the tasks have ended", isDone);
    expect(
      existsSync(join(folder, "out/slice-2/sweep.json")) && readdirSync(begun).filter((name) => !name.startsWith(".")).length === 2,
    ).toBe(false);

    submit("2");
    await until("the task has ended", isDone);
    tidemark("merge", "out/slice-1", "out/slice-2", "out/slice-3", "-o", "out/comparison");
    expect(digestsIn(join(folder, "out/comparison"))).toEqual(digestsIn(join(folder, "one")));
  },
);
