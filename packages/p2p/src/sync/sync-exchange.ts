import { type Ask, createAsking } from "./asking.ts";
import type { SyncExchangeOptions } from "./exchange-options.ts";
import { type Accept, createServing } from "./serving.ts";

/**
 * Requests and answers between two peers. Each request has a stream of its own, with one frame in
 * each direction.
 */
export interface SyncExchange {
  readonly ask: Ask;
  readonly accept: Accept;
}

/**
 * Creates both sides of the exchange: the one that sends requests and the one that answers them.
 */
export function createSyncExchange(options: SyncExchangeOptions): SyncExchange {
  return { ask: createAsking(options), accept: createServing(options) };
}
