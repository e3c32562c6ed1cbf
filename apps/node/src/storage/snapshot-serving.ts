/** Bounds on the work of serving chunks. */
export interface ServingLimits {
  /**
   * Greatest share of one core, in percent, that making chunks takes while several are waited for.
   * Making them runs on the thread of consensus.
   */
  readonly cpuPercentMax: number;
  /** Most chunks that wait to be made. Further requests get nothing. */
  readonly waitingMax: number;
  /** Most bytes of made chunks that are kept, since several nodes join with the same requests. */
  readonly cacheBytesMax: number;
}

/** Default bounds. */
export const SERVING_LIMITS: ServingLimits = {
  cpuPercentMax: 50,
  waitingMax: 64,
  cacheBytesMax: 32 * 1024 * 1024,
};

/** Clock of a server of chunks. */
export interface ServingClock {
  /** Returns milliseconds that never decrease. */
  readonly now: () => number;
  /** Resolves after at least `ms` milliseconds, and after other work of the event loop. */
  readonly pause: (ms: number) => Promise<void>;
}

const SYSTEM: ServingClock = {
  now: () => performance.now(),
  pause: (ms) =>
    new Promise((resolve) => {
      if (ms < 1) setImmediate(resolve);
      else setTimeout(resolve, ms);
    }),
};

/** Server of chunks, one at a time. */
export interface Serving {
  /**
   * Returns the bytes under a name: remembered ones, or those that `make` returns when it is their
   * turn. Undefined if too many wait, or if `make` returns undefined.
   */
  readonly serve: (
    name: string,
    make: () => Uint8Array | undefined,
  ) => Promise<Uint8Array | undefined>;
}

/**
 * Creates a server of chunks. It pauses after each chunk for as long as the share of the processor
 * demands, so that votes are not delayed by more than the making of one chunk.
 */
export function createServing(
  given: Partial<ServingLimits> = {},
  clock: ServingClock = SYSTEM,
): Serving {
  const { cpuPercentMax, waitingMax, cacheBytesMax } = { ...SERVING_LIMITS, ...given };
  const cache = createCache(cacheBytesMax);
  let line: Promise<void> = Promise.resolve();
  let waiting = 0;
  const make = async (name: string, action: () => Uint8Array | undefined): Promise<Made> => {
    const known = cache.get(name);
    if (known !== undefined) return { bytes: known, tookMs: 0 };
    await clock.pause(0);
    const begun = clock.now();
    const bytes = action();
    if (bytes !== undefined) cache.set(name, bytes);
    return { bytes, tookMs: clock.now() - begun };
  };
  return {
    serve: async (name, action) => {
      const known = cache.get(name);
      if (known !== undefined) return known;
      if (waiting >= waitingMax) return undefined;
      waiting++;
      try {
        const turn = line.then(() => make(name, action));
        line = turn.then(
          ({ tookMs }) => clock.pause((tookMs * (100 - cpuPercentMax)) / cpuPercentMax),
          () => undefined,
        );
        return (await turn).bytes;
      } finally {
        waiting--;
      }
    },
  };
}

/** Result of making a chunk, and the time that it took. */
interface Made {
  readonly bytes: Uint8Array | undefined;
  readonly tookMs: number;
}

interface Cache {
  readonly get: (name: string) => Uint8Array | undefined;
  readonly set: (name: string, bytes: Uint8Array) => void;
}

/** Creates a cache of at most `bytesMax` bytes, which drops the least recently used first. */
function createCache(bytesMax: number): Cache {
  const kept = new Map<string, Uint8Array>();
  let held = 0;
  return {
    get: (name) => {
      const bytes = kept.get(name);
      if (bytes === undefined) return undefined;
      kept.delete(name);
      kept.set(name, bytes);
      return bytes;
    },
    set: (name, bytes) => {
      kept.set(name, bytes);
      held += bytes.length;
      for (const [oldest, { length }] of kept) {
        if (held <= bytesMax) return;
        kept.delete(oldest);
        held -= length;
      }
    },
  };
}
