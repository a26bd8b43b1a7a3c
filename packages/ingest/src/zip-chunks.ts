import type { ReadBytes } from "./byte-window.ts";
import type { ZipMember } from "./zip-archive.ts";

const CHUNK = /(?:^|\/)chunk\.\d{4,}$/;

/** Whether the files of an archive are one stream: DynamoRIO cuts a trace into chunk.0000, chunk.0001 and so on. */
export const areChunks = (members: readonly ZipMember[]): boolean => members.every(({ name }) => CHUNK.test(name));

/** Reads the files of an archive one behind the other, in its order. */
export function joinChunks(members: readonly ZipMember[]): ReadBytes {
  let next = 0;
  return async (into, at, length) => {
    while (next < members.length) {
      const got = await members[next].read(into, at, length);
      if (got > 0) return got;
      next++;
    }
    return 0;
  };
}
