import { toHex } from "@aethel/models";
import type { Logger } from "pino";
import type { WhyEvent } from "../api/api.ts";
import type { Observer } from "../health/observer.ts";
import { createWatch } from "../health/watch.ts";
import type { EventHub } from "../http/event-hub.ts";
import type { KeyRing } from "../keys/key-ring.ts";

/**
 * Starts to report, in the log and as event `why`, the reasons why this node finalizes no blocks.
 * Returns the function that stops this.
 */
export function watchOver(parts: {
  readonly observer: Observer;
  readonly hub: EventHub;
  readonly log: Logger;
}): () => void {
  const { observer, hub, log } = parts;
  const { stop } = createWatch({
    look: observer.findings,
    log,
    now: () => performance.now(),
    onChange(findings) {
      const data: WhyEvent = { findings: [...findings] };
      hub.publish({ type: "why", data });
    },
  });
  return stop;
}

/** Milliseconds between checks for a key file that `aethel rotate-key` made. */
const KEYS_LOOK_MS = 1_000;

/**
 * Starts to load new key files while the node runs, so that a key rotation needs no restart.
 * Returns the function that stops this.
 */
export function watchKeys(keyRing: KeyRing, log: Logger): () => void {
  const timer = setInterval(() => {
    keyRing.refresh().then(
      (fresh) => {
        for (const { publicKey } of fresh) {
          log.info(
            { key: toHex(publicKey) },
            "holds a new consensus key: it signs once the chain names it",
          );
        }
      },
      (err: unknown) =>
        log.error(
          { err },
          "a new consensus key cannot be used. Next: see the error; all keys have one password",
        ),
    );
  }, KEYS_LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
