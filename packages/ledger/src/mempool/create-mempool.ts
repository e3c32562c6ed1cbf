import type { Mempool, MempoolOptions } from "./mempool.ts";
import { Pool } from "./pool.ts";

/** Creates an empty mempool on top of a state. */
export function createMempool(options: MempoolOptions): Mempool {
  return new Pool(options);
}
