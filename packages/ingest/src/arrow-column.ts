import * as arrow from "apache-arrow";
import { InputError } from "@tidemark/data/shapes";
import type { CellColumn } from "./cell-column.ts";
import { checkTime } from "./time-cell.ts";

/** Decodes row `i` of an Arrow column into row `row` of its cells; says what is wrong otherwise. */
export type ArrowColumnReader = (i: number, row: number) => string | undefined;

const NS_PER_UNIT = [1e9, 1e6, 1e3, 1];

/** Any integer, float, text, timestamp or dictionary column, for a column of any kind that makes sense of it. */
export function arrowColumnReader(vector: arrow.Vector, column: CellColumn, where: string): ArrowColumnReader {
  const read = valueReader(vector, column, where);
  if (vector.nullCount === 0) return read;
  return (i, row) => (vector.isValid(i) ? read(i, row) : column.putNothing(row));
}

function valueReader(vector: arrow.Vector, column: CellColumn, where: string): ArrowColumnReader {
  const { type } = vector;
  const { value } = column.spec;
  const isNumeric = value === "number" || value === "hash" || value === "address";
  if (arrow.DataType.isDictionary(type)) {
    if (value === "word") return dictionaryReader(vector, column);
    return (i, row) => column.put(row, String(vector.get(i)));
  }
  if (arrow.DataType.isUtf8(type) || arrow.DataType.isLargeUtf8(type) || arrow.DataType.isUtf8View(type))
    return (i, row) => column.put(row, vector.get(i));
  if (arrow.DataType.isInt(type)) {
    if (isNumeric) return type.bitWidth === 64 ? halvesReader(vector, column, type.isSigned) : integerReader(vector, column);
    if (value === "time") return timeReader(vector, column, column.nsPer);
    return (i, row) => column.put(row, String(vector.get(i)));
  }
  if (value === "time" && (arrow.DataType.isTimestamp(type) || arrow.DataType.isDuration(type)))
    return timeReader(vector, column, NS_PER_UNIT[type.unit]);
  if (arrow.DataType.isFloat(type) && (isNumeric || value === "time")) return floatReader(vector, column, isNumeric);
  throw new InputError(`${where}: column ${column.header} is of type ${type}, which cannot be read as ${column.spec.name} (${value})`);
}

/** Words are looked up once per dictionary entry. */
function dictionaryReader(vector: arrow.Vector, column: CellColumn): ArrowColumnReader {
  const known: (number | undefined)[] = [];
  const keys = vector.data[0].values as Int32Array;
  return (i, row) => {
    const code = known[keys[i]];
    if (code !== undefined) {
      column.code[row] = code;
      return undefined;
    }
    const problem = column.put(row, String(vector.get(i)));
    if (problem === undefined && column.missing[row] === 0) known[keys[i]] = column.code[row];
    return problem;
  };
}

/** 64-bit integers without a BigInt per row. */
function halvesReader(vector: arrow.Vector, column: CellColumn, isSigned: boolean): ArrowColumnReader {
  const values = vector.data[0].values as BigInt64Array;
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  return (i, row) => {
    const hi = halves[2 * i + 1];
    const problem = isSigned && hi >>> 31 === 1 ? "is negative (expected 0 to 2^64 - 1)" : column.putHalves(row, hi, halves[2 * i]);
    return problem === undefined ? undefined : column.refusal(String(vector.get(i)), problem);
  };
}

function integerReader(vector: arrow.Vector, column: CellColumn): ArrowColumnReader {
  const values = vector.data[0].values as Int32Array;
  return (i, row) => {
    const problem = values[i] < 0 ? "is negative (expected 0 to 2^64 - 1)" : column.putHalves(row, 0, values[i]);
    return problem === undefined ? undefined : column.refusal(String(values[i]), problem);
  };
}

function timeReader(vector: arrow.Vector, column: CellColumn, nsPer: number): ArrowColumnReader {
  const values = vector.data[0].values as BigInt64Array | Int32Array;
  return (i, row) => {
    const value = values[i];
    if (!column.unitKnown && typeof value === "number" && !Number.isInteger(value)) return column.put(row, String(value));
    const ns = Number(value) * nsPer;
    // What a double cannot hold goes the long way round, with the column's own unit written out.
    if (value < 0 || ns - column.originNs < 0 || ns > Number.MAX_SAFE_INTEGER) return column.put(row, `${value}${unitOf(nsPer)}`);
    column.time[row] = Number(checkTime(ns, column.originNs));
    return undefined;
  };
}

const unitOf = (nsPer: number): string => (nsPer === 1 ? "ns" : nsPer === 1e3 ? "us" : nsPer === 1e6 ? "ms" : "s");

/** Floats stand for the decimal number that they print as; NaN for nothing. */
function floatReader(vector: arrow.Vector, column: CellColumn, whole: boolean): ArrowColumnReader {
  return (i, row) => {
    const value: number = vector.get(i);
    if (Number.isNaN(value)) return column.putNothing(row);
    return column.put(row, whole && Number.isInteger(value) ? BigInt(value).toString() : String(value));
  };
}
