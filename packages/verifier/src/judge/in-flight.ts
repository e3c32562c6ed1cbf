import type { JobResult } from "../threads/worker-threads.ts";

/** Judgings under way, each shared by all who asked for the same thing meanwhile. */
export interface Flights {
  /**
   * Takes part in the judging of `key`, which `launch` begins if nobody else has. A `signal` ends
   * the part of its caller alone; the judging is given up when the last of its callers has gone.
   */
  readonly join: (passenger: Passenger) => Promise<JobResult>;
  /** Calls that found their judging under way. */
  readonly merged: () => number;
}

/** One caller. */
export interface Passenger {
  readonly key: string;
  readonly signal: AbortSignal | undefined;
  /** Begins the judging. It gets a signal of its own, which no single caller can raise. */
  readonly launch: (signal: AbortSignal) => Promise<JobResult>;
}

interface Flight {
  readonly result: Promise<JobResult>;
  readonly landing: AbortController;
  aboard: number;
}

const ABORTED = { type: "abstained", reason: "aborted" } as const;

/** Nothing is under way yet. What has ended is forgotten, whatever came of it. */
export function createFlights(): Flights {
  const flights = new Map<string, Flight>();
  let merged = 0;

  function board({ key, launch }: Passenger): Flight {
    const known = flights.get(key);
    if (known !== undefined) {
      merged++;
      return known;
    }
    const landing = new AbortController();
    const flight = { result: launch(landing.signal), landing, aboard: 0 };
    flights.set(key, flight);
    const forget = (): void => leave(key, flight);
    flight.result.then(forget, forget);
    return flight;
  }

  /** Whoever asks from now on begins anew. */
  function leave(key: string, flight: Flight): void {
    if (flights.get(key) === flight) flights.delete(key);
  }

  async function join(passenger: Passenger): Promise<JobResult> {
    const { key, signal } = passenger;
    if (signal?.aborted === true) return ABORTED;
    const flight = board(passenger);
    flight.aboard++;
    if (signal === undefined) return await flight.result;
    const gone = Promise.withResolvers<JobResult>();
    const onAbort = (): void => {
      flight.aboard--;
      gone.resolve(ABORTED);
      if (flight.aboard > 0) return;
      leave(key, flight);
      flight.landing.abort();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([flight.result, gone.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  return { join, merged: () => merged };
}
