import { accessBatch, type AccessBatch, type GuestBatch, type Trace } from "@tidemark/data";
import { countBefore, countUpTo } from "../schedule.ts";
import { moveTimes, selectAccesses, selectGuestEvents, type Player } from "../feed.ts";

/** One VM of a trace being played by itself, its times moved by an offset. Playing is synchronous; reading on is not. */
export class VmFeed {
  /** Rows played. */
  rows = 0;
  readonly #accesses: AsyncIterator<AccessBatch>;
  readonly #events: AsyncIterator<GuestBatch>;
  readonly #hostVm: readonly number[];
  readonly #offsetNs: number;
  readonly #batch = accessBatch(0);
  #guest: GuestBatch | undefined;
  #at = 0;
  #guestAt = 0;
  #accessesEnded = false;
  #eventsEnded = false;

  constructor(trace: Trace, traced: number, number: number, offsetNs: number) {
    this.#accesses = trace.accesses()[Symbol.asyncIterator]();
    this.#events = trace.guestEvents()[Symbol.asyncIterator]();
    this.#hostVm = trace.manifest.vms.map((_, t) => (t === traced ? number : -1));
    this.#offsetNs = offsetNs;
    this.#batch.length = 0;
  }

  /** Whether more must be read before anything can be played. */
  get isDry(): boolean {
    return (
      (!this.#accessesEnded && this.#at === this.#batch.length) || (!this.#eventsEnded && this.#guestAt === (this.#guest?.length ?? 0))
    );
  }

  /** Time of what comes next; Infinity at the end. Not known while dry. */
  get nextNs(): number {
    return Math.min(this.#nextAccess, this.#nextEvent);
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
  }

  /** Plays everything up to and including `untilNs`, as far as has been read; at equal times guest events come first. */
  play(untilNs: number, player: Player): void {
    while (!this.isDry) {
      const access = this.#nextAccess;
      const event = this.#nextEvent;
      if (Math.min(access, event) > untilNs) return;
      if (event <= access && this.#guest !== undefined) {
        const { timeNs, length } = this.#guest;
        const end = countUpTo(timeNs, Math.min(access, untilNs), this.#guestAt, length);
        player.guestEvents(this.#guest, this.#guestAt, end);
        this.#guestAt = end;
      } else {
        const { timeNs, length } = this.#batch;
        const end = event > untilNs ? countUpTo(timeNs, untilNs, this.#at, length) : countBefore(timeNs, event, this.#at, length);
        player.accesses(this.#batch, this.#at, end);
        player.observed(this.#batch, this.#at, end);
        this.rows += end - this.#at;
        this.#at = end;
      }
    }
  }

  async close(): Promise<void> {
    await this.#accesses.return?.();
    await this.#events.return?.();
  }
}
