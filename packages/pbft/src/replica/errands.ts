import { type SyncRequest, type SyncResponse, toHex } from "@aethel/models";
import type { Clock, PeerName, Transport } from "../ports.ts";
import type { AnswerKind, PeerBook } from "./peer-book.ts";

/**
 * What became of an answer. `short` and `withheld`: less than the peer says that it has; `useless`:
 * no fault of its; `wrong`: no honest peer answers so.
 */
export type Outcome = "done" | "short" | "withheld" | "useless" | "wrong";

/** One thing to get from whichever peer gives it first. */
export interface Errand {
  readonly request: SyncRequest;
  readonly kind: AnswerKind;
  readonly hint?: PeerName | undefined;
  /** Whether something waits for it: then a second peer is asked before the first one is late. */
  isUrgent(): boolean;
  mayAsk(peer: PeerName): boolean;
  /** Looks at an answer. `done` and `short`: nothing more is needed of this errand. */
  take(response: SyncResponse, peer: PeerName): Outcome;
  /**
   * All peers were asked, and no answer is about to come; `openCount` late requests are open. True:
   * it is given up.
   */
  exhausted(openCount: number): boolean;
  /** It was done: what it needed is there. */
  ended?(): void;
}

/** An errand under way. */
export interface Running {
  /** Asks whoever should be asked by now. */
  poke(): void;
  /** Asks all over again, after `exhausted`. */
  again(): void;
  /** The same, if it is exhausted and not only just so. */
  retry(): void;
  cancel(): void;
}

/** Runs errands, each at several peers at once, within bounds. */
export interface Errands {
  run(errand: Errand): Running;
  /** Cancels all; nothing is called afterwards. Resolves when no request is open. */
  stop(): Promise<void>;
}

/** Requests of errands that one peer may have open; p2p lets it have 8 of all kinds. */
const OPEN_PER_PEER_MAX = 5;
/** Where nothing waits for the answer yet, the load is spread further. */
const AHEAD_PER_PEER_MAX = 2;
/** Peers asked in quick succession about one errand; further ones are asked ever more slowly. */
const QUICK = 4;
/** A request open for so many usual times is late. */
const LATE_FACTOR = 4;
/** No second peer is asked sooner than this: an answer within a machine takes as long. */
const HEDGE_MIN_MS = 2;

interface Open {
  readonly peer: PeerName;
  readonly since: number;
  readonly abort: () => void;
  isLate: boolean;
}

/**
 * Hedged requests (Dean and Barroso, "The tail at scale", 2013): where somebody waits, two peers are
 * asked at once unless the first has proven itself, and the next after half of the usual time. The
 * first right answer ends the others. So a peer that hangs costs a fraction of a round trip, and is
 * passed over from then on.
 */
export function createErrands(options: {
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: Clock;
  readonly book: PeerBook;
  /** A request open for longer is given up, even if the transport does not. */
  readonly answerMs: number;
  /** Checking an answer threw: a bug of ours. */
  readonly onBroken: (error: unknown) => void;
}): Errands {
  const { transport, clock, book, answerMs, onBroken } = options;
  const all = new Set<Running>();
  const pending = new Set<Promise<void>>();
  let stopped = false;

  const pokeAll = (): void => {
    for (const each of all) each.poke();
  };

  function run(errand: Errand): Running {
    const { kind } = errand;
    const asked = new Set<string>();
    const open = new Set<Open>();
    let isOver = false;
    let isExhausted = false;
    let openBefore = 0;
    let exhaustedAt = 0;
    let nextAt = 0;
    let cancelTimer = (): void => {};

    const end = (): void => {
      isOver = true;
      cancelTimer();
      all.delete(running);
      for (const each of open) each.abort();
    };

    const settle = (one: Open, response: SyncResponse | undefined): void => {
      open.delete(one);
      book.open(one.peer, -1);
      const took = clock.now() - one.since;
      if (stopped) return;
      if (isOver) {
        if (response === undefined && isOverdue(one)) markLate(one);
        return pokeAll();
      }
      if (response === undefined) {
        // What was refused at once never left this machine.
        if (!one.isLate && took >= 1) book.strike(one.peer);
      } else judge(one, response, took);
      if (isOver) errand.ended?.();
      pokeAll();
    };

    const judge = (one: Open, response: SyncResponse, took: number): void => {
      const outcome = errand.take(response, one.peer);
      if (outcome === "wrong") book.distrust(one.peer);
      else if (outcome === "short" || outcome === "withheld") book.strike(one.peer);
      else if (!one.isLate) {
        book.answered(one.peer, outcome === "useless" ? "small" : kind, took);
      }
      if (outcome === "done" || outcome === "short") end();
    };

    const isOverdue = ({ since }: Open): boolean =>
      clock.now() - since >= LATE_FACTOR * book.usualMs(kind);
    const markLate = (one: Open): void => {
      if (one.isLate) return;
      one.isLate = true;
      book.strike(one.peer);
    };

    const askOne = (): boolean => {
      const openMax = errand.isUrgent() ? OPEN_PER_PEER_MAX : AHEAD_PER_PEER_MAX;
      const peers = transport
        .peers()
        .filter(
          (peer) => !asked.has(toHex(peer)) && book.open(peer) < openMax && errand.mayAsk(peer),
        );
      const [peer] = book.order(peers, { hint: errand.hint, isUrgent: errand.isUrgent() });
      if (peer === undefined) return false;
      asked.add(toHex(peer));
      isExhausted = false;
      const limit = new AbortController();
      const one: Open = {
        peer,
        since: clock.now(),
        abort: () => limit.abort(),
        isLate: false,
      };
      open.add(one);
      book.open(peer, 1);
      const work = ask({ transport, clock, answerMs }, peer, errand.request, limit)
        .then((response) => settle(one, response))
        .catch(onBroken)
        .finally(() => pending.delete(work));
      pending.add(work);
      nextAt = clock.now() + hedgeMs(peer);
      return true;
    };

    /**
     * Half of what is usual, or half as much again if the peer asked last is worth waiting for. After
     * a few it grows: where all are slow the answer is large, and asking everybody makes it worse.
     */
    const hedgeMs = (last: PeerName): number => {
      const usual = book.usualMs(kind);
      const base = Math.max(HEDGE_MIN_MS, book.isProven(last) ? 1.5 * usual : usual / 2);
      return base * 1.5 ** Math.max(0, asked.size - QUICK);
    };

    const inTime = (): number => [...open].filter(({ isLate }) => !isLate).length;
    const isDue = (): boolean => inTime() === 0 || (errand.isUrgent() && clock.now() >= nextAt);

    const poke = (): void => {
      if (isOver || stopped) return;
      cancelTimer();
      for (const one of open) if (isOverdue(one)) markLate(one);
      let more = true;
      while (more && isDue()) more = askOne();
      const [first] = open;
      const isAlone = asked.size === 1 && first !== undefined && errand.isUrgent();
      if (more && isAlone && !book.isProven(first.peer)) more = askOne();
      if (!more && isDue()) return exhaust();
      const usual = LATE_FACTOR * book.usualMs(kind);
      const lates = [...open].flatMap(({ isLate, since }) => (isLate ? [] : [since + usual]));
      const dues = errand.isUrgent() ? [...lates, nextAt] : lates;
      if (dues.length === 0) return;
      const delayMs = Math.max(1, Math.min(...dues) - clock.now());
      cancelTimer = clock.schedule(delayMs, poke);
    };

    const exhaust = (): void => {
      // A peer whose places are all taken is asked when one of them is free again.
      const isWaiting = (peer: PeerName): boolean => !asked.has(toHex(peer)) && errand.mayAsk(peer);
      if (!isExhausted && transport.peers().some(isWaiting)) return;
      // Told once, and once more when the last late request has ended.
      const isNews = !isExhausted || (openBefore > 0 && open.size === 0);
      if (!isExhausted) exhaustedAt = clock.now();
      isExhausted = true;
      openBefore = open.size;
      if (isNews && errand.exhausted(open.size)) end();
    };

    const running: Running = {
      poke,
      again() {
        if (isOver || stopped) return;
        // Also when there is nobody to ask now: then it is exhausted anew, and told so.
        isExhausted = false;
        asked.clear();
        for (const { peer } of open) asked.add(toHex(peer));
        nextAt = 0;
        poke();
      },
      retry() {
        const isOld = clock.now() - exhaustedAt >= 2 * book.usualMs(kind);
        if (isExhausted && isOld) running.again();
      },
      cancel: end,
    };
    all.add(running);
    poke();
    if (isOver) all.delete(running);
    return running;
  }

  return {
    run,
    async stop() {
      stopped = true;
      for (const each of all) each.cancel();
      await Promise.all(pending);
    },
  };
}

/** The answer of one peer, or undefined when there is none in time. */
export async function ask(
  world: {
    readonly transport: Pick<Transport, "request">;
    readonly clock: Clock;
    readonly answerMs: number;
  },
  peer: PeerName,
  request: SyncRequest,
  limit: AbortController,
): Promise<SyncResponse | undefined> {
  const { signal } = limit;
  if (signal.aborted) return undefined;
  const cancel = world.clock.schedule(world.answerMs, () => limit.abort());
  try {
    const answer = world.transport.request(peer, request, signal);
    const response = await Promise.race([answer, aborted(signal)]);
    return signal.aborted ? undefined : response;
  } catch {
    // No answer is an answer: another peer is asked.
    return undefined;
  } finally {
    cancel();
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
    if (signal.aborted) resolve(undefined);
  });
}
