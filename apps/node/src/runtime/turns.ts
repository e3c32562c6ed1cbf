/**
 * Queue of work that is done in turns of the event loop, so that timers and messages come between.
 * Costs are counted in verifications of a signature.
 */
export interface Turns {
  /**
   * Queues an action. Resolves to its result, or to undefined if the queue is full or stopped, so
   * that the action is not done.
   */
  run<T>(cost: number, action: () => T): Promise<T | undefined>;
  /** Drops all queued actions and refuses further ones. */
  stop(): void;
}

interface Queued {
  readonly cost: number;
  readonly run: () => void;
  readonly drop: () => void;
}

/** Cost of one turn: about 5 ms. A single action may cost more. */
export const TURN_COST = 32;
/** Most cost that is queued: about half a second. */
export const QUEUED_COST_MAX = 4_096;

/**
 * Creates an empty queue. `later` calls its argument in a later turn of the event loop, after
 * timers and messages that are due. Default: `setImmediate`.
 */
export function createTurns(
  later: (action: () => void) => void = (action) => void setImmediate(action),
): Turns {
  let queue: Queued[] = [];
  let cost = 0;
  let isStopped = false;

  function turn(): void {
    let [done, spent] = [0, 0];
    for (const one of queue) {
      if (done > 0 && spent + one.cost > TURN_COST) break;
      one.run();
      done += 1;
      spent += one.cost;
    }
    queue = queue.slice(done);
    cost -= spent;
    if (queue.length > 0) later(turn);
  }

  return {
    run<T>(price: number, action: () => T) {
      if (isStopped || cost + price > QUEUED_COST_MAX) return Promise.resolve(undefined);
      const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
      const run = (): void => {
        try {
          resolve(action());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      queue.push({ cost: price, run, drop: () => resolve(undefined) });
      cost += price;
      if (queue.length === 1) later(turn);
      return promise;
    },
    stop() {
      isStopped = true;
      for (const one of queue) one.drop();
      queue = [];
      cost = 0;
    },
  };
}
