import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { checkFile, checkFolder, fileProblem, find, InputError } from "@tidemark/data/shapes";
import type { Look } from "@tidemark/report";
import { InvalidArgumentError, type Command } from "commander";
import { findChromium } from "./chromium.ts";

/** What the numbers behind charts are written as. */
const DATA_FORMATS = ["csv", "arrow"] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/** What a command that draws can write, besides its page, and how charts are to look in it. */
export interface ExportOptions {
  readonly svg?: string | undefined;
  readonly png?: string | undefined;
  readonly spec?: string | undefined;
  readonly markdown?: string | undefined;
  readonly pdf?: string | undefined;
  readonly data?: readonly DataFormat[] | undefined;
  /** A size's name; unchecked. */
  readonly fit?: string | undefined;
  readonly theme?: string | undefined;
}

/** The same as commander names them. */
export const EXPORT_OPTIONS = [
  "svg",
  "png",
  "spec",
  "markdown",
  "pdf",
  "data",
  "fit",
  "theme",
] as const satisfies readonly (keyof ExportOptions)[];

/** Adds them to a command. */
export const withExportOptions = (command: Command): Command =>
  command
    .option("--svg <folder>", "write every chart as SVG")
    .option("--png <folder>", "write every chart as PNG, at twice its size, with letters of its own")
    .option("--spec <folder>", "write every chart as Vega-Lite JSON with its data, as the Vega editor opens it")
    .option("--data <formats>", "beside every chart the numbers behind it: csv, arrow or csv,arrow", parseFormats)
    .option("--markdown <folder>", "write report.md, sentences, tables and charts for pasting into a report")
    .option("--pdf <report.pdf>", "write the report page as PDF; needs chromium (CHROMIUM=/path names one)")
    .option("--fit <size>", "draw charts for one-column (89 mm) or two-columns (183 mm) of a paper, or for a slide (1,280 × 720)")
    .option("--theme <file>", "fonts and colours of a house for the page, PDF and charts (YAML or JSON, docs/exports.md)");

function parseFormats(text: string): readonly DataFormat[] {
  const wanted = new Set(text.split(","));
  const known = DATA_FORMATS.filter((format) => wanted.has(format));
  if (known.length === wanted.size) return known;
  throw new InvalidArgumentError("write csv, arrow or csv,arrow");
}

/** Folders that get a file per chart. */
export const chartFolders = ({ svg, png, spec, markdown }: ExportOptions): readonly string[] => [
  ...new Set([svg, png, spec, markdown].filter((folder) => folder !== undefined)),
];

/** Refuses before the work what could not be written after it, or would be written over what is read. */
export async function checkExports(options: ExportOptions, inputs: readonly string[]): Promise<void> {
  const { pdf, data } = options;
  const folders = chartFolders(options);
  for (const folder of folders) checkFolder(folder);
  if (data !== undefined && folders.length === 0)
    throw new InputError(`--data ${data.join(",")}: stands beside charts; give --svg, --png, --spec or --markdown FOLDER`);
  if (pdf !== undefined) {
    checkFile(pdf, inputs);
    findChromium(`--pdf ${pdf}`);
  }
  await lookOf(options);
}

/** How charts are to look: the size by its name, the theme from its file. */
export async function lookOf({ fit, theme }: ExportOptions): Promise<Look> {
  if (fit === undefined && theme === undefined) return { size: undefined, theme: undefined };
  const { parseTheme, pictureSizes } = await import("@tidemark/report");
  const size = fit === undefined ? undefined : find("--fit", pictureSizes, fit);
  if (theme === undefined) return { size, theme };
  const parsed = parseTheme(textOf(theme), theme);
  const fontFiles = parsed.fontFiles.map((file) => resolve(dirname(theme), file));
  for (const file of fontFiles) checkFont(file, theme);
  return { size, theme: { ...parsed, fontFiles } };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw fileProblem(error, path);
  }
}

/** First bytes of font files: TrueType, OpenType, and collections. */
const FONT_HEADS: readonly string[] = ["\0\u0001\0\0", "OTTO", "true", "ttcf"];

function checkFont(file: string, theme: string): void {
  let head: string;
  try {
    head = readFileSync(file).subarray(0, 4).toString("latin1");
  } catch (error) {
    throw fileProblem(error, `${theme}: fontFiles: ${file}`);
  }
  if (!FONT_HEADS.includes(head)) throw new InputError(`${theme}: fontFiles: ${file}: is no font; name TrueType or OpenType files`);
}
