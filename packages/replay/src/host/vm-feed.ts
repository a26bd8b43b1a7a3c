import { accessBatch, type AccessBatch, type GuestBatch, type Trace } from "@tidemark/data/shapes";
import { countBefore, countUpTo } from "../schedule.ts";
import { moveTimes, selectAccesses, selectGuestEvents, type Player } from "../feed.ts";

/** Who plays the rows of one VM; told their times without what the VM is late by, it moves those of the rows that it plays. */
export interface VmPlayer extends Omit<Player, "accesses"> {
  /** Returns the place of the first row that was not played: it has become later than it was. */
  accesses(batch: AccessBatch, from: number, to: number): number;
  /** Place of the first of rows [from, to) that the host must see, or that changes what it must see; `to` where there is none. */
  firstSeen(batch: AccessBatch, from: number, to: number): number;
  /** How much later than its trace and offset the VM is now. */
  lateNs(): number;
}

/** One VM of a trace being played by itself, its times moved by an offset. Playing is synchronous; reading on is not. */
export class VmFeed {
  /** Rows played. */
  rows = 0;
  /** Whether more must be read before anything can be played. */
  isDry = true;
  /** Time of what comes next, without what the VM is late by. */
  #nextNs = Infinity;
  readonly #accesses: AsyncIterator<AccessBatch>;
  readonly #events: AsyncIterator<GuestBatch>;
  readonly #hostVm: readonly number[];
  readonly #offsetNs: number;
  readonly #player: VmPlayer;
  readonly #batch = accessBatch(0);
  #guest: GuestBatch | undefined;
  #at = 0;
  #guestAt = 0;
  #accessesEnded = false;
  #eventsEnded = false;

  constructor(trace: Trace, traced: number, number: number, offsetNs: number, player: VmPlayer) {
    this.#accesses = trace.accesses()[Symbol.asyncIterator]();
    this.#events = trace.guestEvents()[Symbol.asyncIterator]();
    this.#hostVm = trace.manifest.vms.map((_, t) => (t === traced ? number : -1));
    this.#offsetNs = offsetNs;
    this.#player = player;
    this.#batch.length = 0;
  }

  /** Time of what comes next; Infinity at the end. Not known while dry. What the host does between two plays can make it later. */
  get nextNs(): number {
    return this.#nextNs + this.#player.lateNs();
  }

  /** Whether all accesses were played. Not known while dry. */
  get hasNoAccesses(): boolean {
    return this.#nextAccess === Infinity;
  }

  get #nextAccess(): number {
    return this.#at < this.#batch.length ? this.#batch.timeNs[this.#at] : Infinity;
  }

  get #nextEvent(): number {
    return this.#guest !== undefined && this.#guestAt < this.#guest.length ? this.#guest.timeNs[this.#guestAt] : Infinity;
  }

  async readOn(): Promise<void> {
    while (!this.#accessesEnded && this.#at === this.#batch.length) {
      const next = await this.#accesses.next();
      this.#accessesEnded = next.done === true;
      this.#at = 0;
      this.#batch.length = 0;
      if (next.done !== true) selectAccesses(next.value, this.#hostVm, this.#batch);
      moveTimes(this.#batch, this.#offsetNs);
    }
    while (!this.#eventsEnded && this.#guestAt === (this.#guest?.length ?? 0)) {
      const next = await this.#events.next();
      this.#eventsEnded = next.done === true;
      this.#guestAt = 0;
      this.#guest = next.done === true ? undefined : selectGuestEvents(next.value, this.#hostVm);
      if (this.#guest !== undefined) moveTimes(this.#guest, this.#offsetNs);
    }
    this.#lookAhead();
  }

  #lookAhead(): void {
    this.isDry =
      (!this.#accessesEnded && this.#at === this.#batch.length) || (!this.#eventsEnded && this.#guestAt === (this.#guest?.length ?? 0));
    this.#nextNs = Math.min(this.#nextAccess, this.#nextEvent);
  }

  /** Plays everything up to and including `endNs`, as far as has been read; at equal times guest events come first. */
  play(endNs: number): void {
    const player = this.#player;
    for (; !this.isDry; this.#lookAhead()) {
      const access = this.#nextAccess;
      const event = this.#nextEvent;
      const untilNs = endNs - player.lateNs();
      if (Math.min(access, event) > untilNs) return;
      if (event <= access && this.#guest !== undefined) {
        const { timeNs, length } = this.#guest;
        const end = countUpTo(timeNs, Math.min(access, untilNs), this.#guestAt, length);
        player.guestEvents(this.#guest, this.#guestAt, end);
        this.#guestAt = end;
      } else {
        const { timeNs, length } = this.#batch;
        const end = event > untilNs ? countUpTo(timeNs, untilNs, this.#at, length) : countBefore(timeNs, event, this.#at, length);
        const played = player.accesses(this.#batch, this.#at, end);
        player.observed(this.#batch, this.#at, played);
        this.rows += played - this.#at;
        this.#at = played;
      }
    }
  }

  /** Time of the first thing up to and including `endNs` that the host must see; it may be one that has not been read yet. Infinity where there is none. */
  firstSeenNs(endNs: number): number {
    const late = this.#player.lateNs();
    const { timeNs, length } = this.#batch;
    const untilNs = endNs - late;
    const end = countUpTo(timeNs, untilNs, this.#at, length);
    const seen = this.#player.firstSeen(this.#batch, this.#at, end);
    let seenNs = this.#nextEvent <= untilNs ? this.#nextEvent : Infinity;
    if (seen < end) seenNs = Math.min(seenNs, timeNs[seen]);
    else if (end === length && !this.#accessesEnded) seenNs = Math.min(seenNs, length === 0 ? -Infinity : timeNs[length - 1]);
    return seenNs + late;
  }

  /** The VM is powered off: whatever comes later is never played. */
  stop(): void {
    this.#accessesEnded = this.#eventsEnded = true;
    this.#batch.length = this.#at = 0;
    this.#guest = undefined;
    this.#guestAt = 0;
    this.#lookAhead();
  }

  async close(): Promise<void> {
    await this.#accesses.return?.();
    await this.#events.return?.();
  }
}
