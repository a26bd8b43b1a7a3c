import type { CliCommand } from "./command.ts";
import { compareCommand } from "./commands/compare.ts";
import { curveCommand } from "./commands/curve.ts";
import { cut } from "./commands/cut.ts";
import { explain } from "./commands/explain.ts";
import { info } from "./commands/info.ts";
import { ingestCommand } from "./commands/ingest.ts";
import { list } from "./commands/list.ts";
import { measuredCommand } from "./commands/measured.ts";
import { mergeCommand } from "./commands/merge.ts";
import { replayCommand } from "./commands/replay.ts";
import { report } from "./commands/report.ts";
import { rightsizeCommand } from "./commands/rightsize.ts";
import { synth } from "./commands/synth.ts";
import { translateCommand } from "./commands/translate.ts";

/** The subcommands, in the order of a first-time user's needs. To add one: what it is in commands/, what it does in actions/, and its line here. */
export const commands: readonly CliCommand[] = [
  explain,
  ingestCommand,
  info,
  cut,
  replayCommand,
  compareCommand,
  mergeCommand,
  translateCommand,
  curveCommand,
  rightsizeCommand,
  measuredCommand,
  report,
  synth,
  list,
];
