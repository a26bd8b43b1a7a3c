import { READ, WRITE } from "@tidemark/data/shapes";
import { AccessRows } from "../access-rows.ts";
import type { ByteFormat } from "../format.ts";
import { NO_SIZE, NO_TIME, ONE_SPACE } from "../lacks.ts";
import { parsed, parseNumber } from "../number-text.ts";
import { firstLines, textLines } from "../text-lines.ts";

const ACCESS = /^([lsrw])\s+(0x[0-9a-f]{1,16}|\d{1,20})(?:\s+(\d+))?$/i;

/** A letter and an address per line. */
export const addressLines: ByteFormat = {
  name: "address-lines",
  about: "l (load) or s (store) and an address per line, as courses on caches use them",
  source: "traces of course projects: l|s 0xADDRESS [GAP]",
  columns: [],
  order: "exact",
  lacks: [NO_TIME, NO_SIZE, ONE_SPACE],
  sniff(head) {
    const lines = firstLines(head);
    return lines.length > 0 && lines.every((line) => ACCESS.test(line));
  },
  async *read(bytes, context) {
    context.captured("accesses");
    const rows = new AccessRows();
    let accesses = 0;
    let gaps = 0;
    for await (const lines of textLines(bytes)) {
      for (const { line, text } of lines) {
        if (text.trim() === "") continue;
        context.read(1);
        const access = ACCESS.exec(text.trim());
        const problem = access === null ? "is no access" : parseNumber(access[2], false);
        if (access === null || problem !== undefined) {
          context.reject(line, text, `${problem} (expected l or s, and an address in decimal or 0x and hexadecimal digits)`);
          continue;
        }
        if (access[3] !== undefined) gaps++;
        if (!rows.hasRoom(1)) yield rows.take();
        rows.addVirtual(accesses++, line, /[sw]/i.test(access[1]) ? WRITE : READ, parsed.hi, parsed.lo, 1);
      }
      yield rows.take();
    }
    if (gaps > 0) context.note(`the third field of ${gaps} lines is not used: nothing says what it counts`);
  },
};
