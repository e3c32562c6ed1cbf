/** Entry of the thread that checks stored certificates, one claim for each message. */

import { parentPort } from "node:worker_threads";
import { findUncertified, type StoredClaim } from "./recertification-check.ts";

parentPort?.on("message", (claim: StoredClaim) => {
  parentPort?.postMessage({ reason: findUncertified(claim) });
});
