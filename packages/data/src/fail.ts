/** A mistake in what the user gave us: one line, *where: what was given, what would do*. Exit code 2. */
export class InputError extends Error {
  override name = "InputError";
}

/** A mistake in our own code: stack shown, exit code 1. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw bug(what);
}

/** The same where a message is too dear to be composed at every check: `if (wrong) throw bug(...)`. */
export const bug = (what: string): Error => new Error(`bug: ${what}`);

/** What the operating system said when a file could not be used, as one line for the user. */
export function fileProblem(error: unknown, path: string): Error {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const said = typeof code === "string" ? PROBLEMS[code] : undefined;
  if (said !== undefined) return new InputError(`${path.replace(TEMPORARY_NAME, "$1")}: ${said}`);
  return error instanceof Error ? error : new Error(String(error));
}

/** Outputs are written as `.NAME.PID.part` and renamed when whole; the user knows them by NAME. */
const TEMPORARY_NAME = /(?<=^|\/)\.([^/]+)\.\d+\.part(?=$|\/)/;

const PROBLEMS: { readonly [code: string]: string } = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "is a folder, not a file",
  ENOTDIR: "a part of the path is not a folder",
  ENOSPC: "no space left on the disk; free some, or write elsewhere",
  EFBIG: "the file-size limit of this process is reached; raise it (ulimit -f), or write elsewhere",
  EDQUOT: "the disk quota is used up; free some, or write elsewhere",
  EROFS: "the file system is read-only; write elsewhere",
  EMFILE: "too many open files; raise the limit (ulimit -n)",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "is a link that leads back to itself",
  ENOTEMPTY: "the folder is not empty",
};
