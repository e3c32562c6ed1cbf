import { type SyncResponse, toHex } from "@aethel/models";
import type { Clock, PeerName, Transport } from "../ports.ts";
import { ask } from "./ask.ts";
import type { Errand, Running } from "./errand.ts";
import type { PeerBook } from "./peer-book.ts";

/**
 * Most pending requests at one peer for errands (things to get from any peer). The p2p layer allows
 * a peer 8 requests of all kinds.
 */
const OPEN_PER_PEER_MAX = 5;
/**
 * Most pending requests at one peer for errands that are not urgent. It is lower, so that the load
 * is spread over more peers.
 */
const AHEAD_PER_PEER_MAX = 2;
/**
 * Number of peers that are asked in quick succession for one errand (a request that any peer can
 * answer). After them the intervals grow.
 */
const QUICK = 4;
/** Multiple of the usual time of an answer after which a pending request is late. */
const LATE_FACTOR = 4;
/**
 * Least milliseconds before a second peer is asked. Even an answer on the same machine takes that
 * long.
 */
const HEDGE_MIN_MS = 2;

/** State that all running errands share. An errand is a request that any peer can answer. */
export interface ErrandWorld {
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: Clock;
  readonly book: PeerBook;
  /**
   * Milliseconds after which a pending request is given up, even if the transport does not give up.
   */
  readonly answerMs: number;
  /** Called when checking an answer throws, which is a bug in this program. */
  readonly onBroken: (error: unknown) => void;
  readonly isStopped: () => boolean;
  /** Counts a request as pending until `work` resolves. */
  readonly track: (work: Promise<void>) => void;
  /** Called when a peer can be sent another request. */
  readonly onFree: () => void;
  readonly onEnd: (run: Running) => void;
}

interface Open {
  readonly peer: PeerName;
  readonly since: number;
  readonly abort: () => void;
  isLate: boolean;
}

/**
 * Running errand (a request that any peer can answer), with the peers that it has asked and the
 * time at which it asks the next one.
 */
export class ErrandRun implements Running {
  readonly #errand: Errand;
  readonly #world: ErrandWorld;
  readonly #asked = new Set<string>();
  readonly #open = new Set<Open>();
  #isOver = false;
  #isExhausted = false;
  #openBefore = 0;
  #exhaustedAt = 0;
  #nextAt = 0;
  #cancelTimer = (): void => {};

  constructor(errand: Errand, world: ErrandWorld) {
    this.#errand = errand;
    this.#world = world;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  poke(): void {
    const { clock, book, isStopped } = this.#world;
    if (this.#isOver || isStopped()) return;
    this.#cancelTimer();
    for (const one of this.#open) if (this.#isOverdue(one)) this.#markLate(one);
    const isUrgent = this.#errand.isUrgent();
    let more = true;
    while (more && this.#isDue(isUrgent)) more = this.#askOne();
    const [first] = this.#open;
    const isAlone = isUrgent && this.#asked.size === 1 && first !== undefined;
    if (more && isAlone && !book.isProven(first.peer)) more = this.#askOne();
    if (!more && this.#isDue(isUrgent)) return this.#exhaust();
    const lateMs = LATE_FACTOR * this.#usualMs();
    const lates = [...this.#open].flatMap((one) => (one.isLate ? [] : [one.since + lateMs]));
    const dues = isUrgent ? [...lates, this.#nextAt] : lates;
    if (dues.length === 0) return;
    const delayMs = Math.max(1, Math.min(...dues) - clock.now());
    this.#cancelTimer = clock.schedule(delayMs, () => this.poke());
  }

  again(): void {
    if (this.#isOver || this.#world.isStopped()) return;
    // Also when there is nobody to ask now: then it is exhausted anew, and told so.
    this.#isExhausted = false;
    this.#asked.clear();
    for (const { peer } of this.#open) this.#asked.add(toHex(peer));
    this.#nextAt = 0;
    this.poke();
  }

  retry(): void {
    const isOld = this.#world.clock.now() - this.#exhaustedAt >= 2 * this.#usualMs();
    if (this.#isExhausted && isOld) this.again();
  }

  cancel(): void {
    this.#isOver = true;
    this.#cancelTimer();
    this.#world.onEnd(this);
    for (const each of this.#open) each.abort();
  }

  #usualMs(): number {
    return this.#world.book.usualMs(this.#errand.kind);
  }

  #isOverdue({ since }: Open): boolean {
    return this.#world.clock.now() - since >= LATE_FACTOR * this.#usualMs();
  }

  #markLate(one: Open): void {
    if (one.isLate) return;
    one.isLate = true;
    this.#world.book.strike(one.peer);
    this.#errand.failed?.(one.peer, "late");
  }

  #isDue(isUrgent: boolean): boolean {
    const isAnyInTime = [...this.#open].some(({ isLate }) => !isLate);
    return !isAnyInTime || (isUrgent && this.#world.clock.now() >= this.#nextAt);
  }

  #askOne(): boolean {
    const { transport, clock, book, onBroken, track } = this.#world;
    const { hint, request, mayAsk } = this.#errand;
    const isUrgent = this.#errand.isUrgent();
    const openMax = isUrgent ? OPEN_PER_PEER_MAX : AHEAD_PER_PEER_MAX;
    const isFree = (peer: PeerName): boolean =>
      !this.#asked.has(toHex(peer)) && book.open(peer) < openMax && mayAsk(peer);
    const [peer] = book.order(transport.peers().filter(isFree), { hint, isUrgent });
    if (peer === undefined) return false;
    this.#asked.add(toHex(peer));
    this.#isExhausted = false;
    const limit = new AbortController();
    const abort = (): void => limit.abort();
    const one: Open = { peer, since: clock.now(), abort, isLate: false };
    this.#open.add(one);
    book.open(peer, 1);
    const answer = ask(this.#world, peer, request, limit);
    track(answer.then((response) => this.#settle(one, response)).catch(onBroken));
    this.#nextAt = clock.now() + this.#hedgeMs(peer);
    return true;
  }

  /**
   * Returns the milliseconds until the next peer is asked. They are half of the usual time, or one
   * and a half times the usual time if the last answers of the peer `last` were right and in time.
   * They grow after `QUICK` peers: if all peers are slow, the answer is large, and asking more of
   * them makes it worse.
   */
  #hedgeMs(last: PeerName): number {
    const usual = this.#usualMs();
    const factor = this.#world.book.isProven(last) ? 1.5 : 0.5;
    const base = Math.max(HEDGE_MIN_MS, factor * usual);
    return base * 1.5 ** Math.max(0, this.#asked.size - QUICK);
  }

  #settle(one: Open, response: SyncResponse | undefined): void {
    const { book, clock, isStopped, onFree } = this.#world;
    this.#open.delete(one);
    book.open(one.peer, -1);
    if (isStopped()) return;
    const took = clock.now() - one.since;
    if (this.#isOver) {
      // Another was faster, and ended this one.
      if (response === undefined && this.#isOverdue(one)) this.#markLate(one);
      return onFree();
    }
    // What was refused at once never left this machine.
    if (response !== undefined) this.#validate(one, response, took);
    else this.#strikeSilent(one, took);
    if (this.#isOver) this.#errand.ended?.();
    onFree();
  }

  #strikeSilent({ peer, isLate }: Open, took: number): void {
    if (!isLate && took >= 1) this.#world.book.strike(peer);
    this.#errand.failed?.(peer, "no-answer");
  }

  #validate({ peer, isLate }: Open, response: SyncResponse, took: number): void {
    const { book } = this.#world;
    const outcome = this.#errand.take(response, peer);
    if (outcome === "wrong") book.distrust(peer);
    else if (outcome === "short" || outcome === "withheld") book.strike(peer);
    else if (!isLate) {
      book.answered(peer, outcome === "useless" ? "small" : this.#errand.kind, took);
    }
    if (outcome === "done" || outcome === "short") this.cancel();
  }

  #exhaust(): void {
    const { transport, clock } = this.#world;
    const { mayAsk, exhausted } = this.#errand;
    // A peer whose places are all taken is asked when one of them is free again.
    const isWaiting = (peer: PeerName): boolean => !this.#asked.has(toHex(peer)) && mayAsk(peer);
    if (!this.#isExhausted && transport.peers().some(isWaiting)) return;
    // Told once, and once more when the last late request has ended.
    const isLast = this.#openBefore > 0 && this.#open.size === 0;
    const isNews = !this.#isExhausted || isLast;
    if (!this.#isExhausted) this.#exhaustedAt = clock.now();
    this.#isExhausted = true;
    this.#openBefore = this.#open.size;
    if (isNews && exhausted(this.#open.size)) this.cancel();
  }
}
