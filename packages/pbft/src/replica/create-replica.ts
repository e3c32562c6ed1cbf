import type { Replica } from "../interface/replica.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import { ReplicaDriver } from "./replica-driver.ts";

/**
 * Creates a replica that has not started.
 * @throws PbftError `CONFIG` on parameters that cannot work.
 */
export function createReplica(options: ReplicaOptions): Replica {
  return new ReplicaDriver(options);
}
