/** What a host can do that is worth a row: every change of state and every decision, with its reason. */
const ACTIONS = [
  "state",
  "balance",
  "target",
  "balloon",
  "page out",
  "share",
  "break",
  "block",
  "stop",
  "report",
  "proactive",
  "senpai",
] as const;
export type ActionKind = (typeof ACTIONS)[number];

export interface Action {
  readonly timeNs: number;
  readonly kind: ActionKind;
  /** The VM concerned; "" for the host. */
  readonly vm: string;
  /** Pages moved or asked for; of a state: free pages. */
  readonly pages: number;
  readonly reason: string;
}

/** Rows kept; a replay that does more says so, and keeps the first. */
const ACTIONS_MAX = 200_000;

/** What the host did, in order. */
export class ActionLog {
  readonly rows: Action[] = [];
  dropped = 0;

  add(timeNs: number, kind: ActionKind, vm: string, pages: number, reason: string): void {
    if (this.rows.length < ACTIONS_MAX) this.rows.push({ timeNs, kind, vm, pages, reason });
    else this.dropped++;
  }
}
