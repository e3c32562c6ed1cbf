import type { Mempool, MempoolOptions } from "./mempool.ts";
import { Pool } from "./pool.ts";

/** Creates an empty mempool for the block after `options.state`. */
export function createMempool(options: MempoolOptions): Mempool {
  return new Pool(options);
}
