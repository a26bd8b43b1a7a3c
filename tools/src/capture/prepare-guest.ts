import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@tidemark/data";

const SOURCES = fileURLToPath(new URL("../../capture/", import.meta.url));
const BUSYBOX = "/bin/busybox";
/** Programs that a capture runs, and the Debian packages that have them. */
const PROGRAMS = { "qemu-system-x86_64": "qemu-system-x86", gcc: "gcc libc6-dev", cpio: "cpio", zstd: "zstd", tar: "tar", gzip: "gzip" };
/** Latest kernel without drivers that a guest of ours lacks; what the meta package depends on. */
const KERNEL_PACKAGE = "linux-image-cloud-amd64";

/** What QEMU is started with. */
export interface PreparedGuest {
  readonly plugin: string;
  readonly initramfs: string;
  readonly kernel: string;
}

/** Packages that are missing for a capture; empty where there is all it takes. */
export function missingPackages(): readonly string[] {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !hasProgram(program));
  return [...missing.map(([, packages]) => packages), ...(existsSync(BUSYBOX) ? [] : ["busybox-static"])];
}

/**
 * Builds the plugin and the guest's file system, and unpacks a kernel, into `folder`; what is there already stays, but for what is
 * built from our own sources. `kernel`: one to take instead. InputError where something is missing on this machine.
 */
export function prepareGuest(folder: string, kernel: string | undefined): PreparedGuest {
  const missing = missingPackages();
  if (missing.length > 0)
    throw new InputError(`capture: this machine lacks ${missing.join(", ")}; apt-get install --no-install-recommends ${missing.join(" ")}`);
  const root = join(folder, "root");
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, "bin"), { recursive: true });
  for (const each of ["dev", "proc", "sys", "tmp", "data"]) mkdirSync(join(root, each));
  const plugin = join(folder, "gmtrace.so");
  const c = (name: string): string => join(SOURCES, "guest", `${name}.c`);
  const units = readdirSync(join(SOURCES, "plugin")).filter((file) => file.endsWith(".c"));
  run("gcc", [
    ..."-O2 -flto -Wall -Wextra -shared -fPIC -fvisibility=hidden -o".split(" "),
    plugin,
    ...units.map((file) => join(SOURCES, "plugin", file)),
    "-ldl",
  ]);
  run("gcc", [..."-O2 -static -s -o".split(" "), join(root, "bin/work"), c("work")]);
  run("gcc", [..."-O1 -static -nostdlib -fno-stack-protector -s -o".split(" "), join(root, "bin/mark"), c("mark")]);
  copyFileSync(BUSYBOX, join(root, "bin/busybox"));
  cpSync(join(SOURCES, "guest/init"), join(root, "init"));
  const initramfs = join(folder, "initramfs.cpio");
  // Names, modes and contents alone: times and owners would make two builds differ.
  run("sh", [
    "-c",
    'cd "$1" && chmod 755 init bin/* && find . -exec touch -h -d @0 {} + && find . | LC_ALL=C sort | cpio -o -H newc --quiet --reproducible -R 0:0 > "$2"',
    "sh",
    root,
    initramfs,
  ]);
  return { plugin, initramfs, kernel: kernel ?? unpackedKernel(join(folder, "kernel")) };
}

/** A kernel of Debian, downloaded once and unpacked; nothing is installed. */
function unpackedKernel(folder: string): string {
  const boot = join(folder, "boot");
  if (!existsSync(boot)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const depends = run("apt-cache", ["depends", KERNEL_PACKAGE]);
    const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1];
    if (name === undefined)
      throw new InputError(
        `capture: apt-cache knows no ${KERNEL_PACKAGE}; run apt-get update, or pass --kernel FILE (a bzImage of Linux 5.10 or later)`,
      );
    run("apt-get", ["download", name], folder);
    const [archive] = readdirSync(folder).filter((file) => file.endsWith(".deb"));
    run("dpkg", ["-x", archive, "."], folder);
    rmSync(join(folder, archive));
  }
  const [image] = readdirSync(boot).filter((file) => file.startsWith("vmlinuz"));
  if (image === undefined) throw new InputError(`${boot}: has no vmlinuz; remove the folder and try again, or pass --kernel FILE`);
  return join(boot, image);
}

function run(program: string, args: readonly string[], cwd?: string): string {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n").at(-1) : String(error);
    throw new InputError(`capture: ${program} ${args[0] ?? ""} failed: ${said}`);
  }
}

function hasProgram(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
