const LENGTH_MAX = 60;

/** Letters that run from right to left (the blocks that Unicode keeps for them), which would draw numbers and points beside the name into their run. */
const LEFTWARD = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** A name from the data as it is shown: one line, of bounded length, and isolated (U+2068 … U+2069) where it would reorder the text around it. */
export function vmLabel(name: string, lengthMax = LENGTH_MAX): string {
  const line = name.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  const label = line.length > lengthMax ? `${line.slice(0, lengthMax - 1)}…` : line;
  return LEFTWARD.test(label) ? `\u2068${label}\u2069` : label;
}

export const HOST_LABEL = "the host";

/** The host ("") or a VM: one that is called what the host is called here stands in quotes. */
export function hostOrVm(vm: string): string {
  const label = vmLabel(vm);
  return vm === "" ? HOST_LABEL : label === HOST_LABEL ? JSON.stringify(label) : label;
}
