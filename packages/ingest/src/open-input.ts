import { InputError, statPath } from "@tidemark/data/shapes";
import type { ReadBytes } from "./byte-window.ts";
import { InputFile } from "./input-file.ts";
import { isZip, zipMembers } from "./zip-archive.ts";
import { areChunks, joinChunks } from "./zip-chunks.ts";

/** One stream of bytes to ingest: a file, or a member of an archive. */
export interface Input {
  /** The path, or `archive.zip/member`. */
  readonly name: string;
  /** Where the bytes lie as they are; undefined for a member of an archive. */
  readonly path: string | undefined;
  /** The file that holds it. */
  readonly file: InputFile;
  readonly read: ReadBytes;
}

/** Refuses a file that is given twice: all that is in it would count twice. */
export function checkOnce(paths: readonly string[]): void {
  const given = new Map<string, string>();
  for (const path of paths) {
    const found = statPath(path);
    if (found?.isFile() !== true) continue;
    const file = `${found.dev}:${found.ino}`;
    const before = given.get(file);
    if (before !== undefined)
      throw new InputError(`${path}: is given twice${before === path ? "" : `, ${before} is the same file`}; give it once`);
    given.set(file, path);
  }
}

/** Opens what one path of the command line stands for: archives hold several inputs. */
export async function openInputs(path: string, progress: (bytes: number) => void): Promise<Input[]> {
  const file = await InputFile.open(path, progress);
  try {
    const head = Buffer.alloc(4);
    const isFile = file.bytes >= 4 && (await file.peek(head)) === 4;
    if (!isFile || !isZip(head)) return [{ name: path, path, file, read: file.read }];
    const members = await zipMembers(file);
    if (areChunks(members)) return [{ name: path, path: undefined, file, read: joinChunks(members) }];
    return members.map((member) => ({ name: `${path}/${member.name}`, path: undefined, file, read: member.read }));
  } catch (error) {
    await file.close();
    throw error;
  }
}
