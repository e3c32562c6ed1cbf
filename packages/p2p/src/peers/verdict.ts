import { boundedBytes, type Codec, natural, struct } from "@aethel/models/codec";
import type { RefusalReason, ToldReason } from "../events.ts";
import { HelloEnvelope } from "./hello.ts";

/**
 * Reasons that a refused peer is told. The code of a reason is its place in this list plus 1, in all
 * versions of the protocol, so new ones go at the end. Other reasons are not told.
 */
const TOLD = [
  "not-aethel",
  "other-chain",
  "other-protocol",
  "other-judge",
  "other-application",
  "unknown-feature",
  "bad-signature",
  "full",
  "banned",
] as const satisfies readonly RefusalReason[];

const WELCOME = 0;
const UNTOLD = 65_535;

/**
 * Answer of the listener in the handshake: its verdict on the dialer's hello, and its own hello. All
 * versions of the protocol can read it.
 */
export const HelloAnswer: Codec<{ readonly verdict: number; readonly hello: Uint8Array }> = struct(
  "HelloAnswer",
  { verdict: natural(2), hello: boundedBytes(HelloEnvelope.maxBytes) },
);

/** Verdict of a dialer that refuses the listener's hello. A dialer that does not sends none. */
export const Objection: Codec<{ readonly verdict: number }> = struct("Objection", {
  verdict: natural(2),
});

/** Returns the code of a verdict. `reason` undefined: a welcome. */
export function codeOf(reason: RefusalReason | undefined): number {
  if (reason === undefined) return WELCOME;
  const place = TOLD.findIndex((told) => told === reason);
  return place < 0 ? UNTOLD : place + 1;
}

/** Returns the reason that a code stands for. Undefined for a welcome. */
export function reasonOf(code: number): ToldReason | undefined {
  return code === WELCOME ? undefined : (TOLD[code - 1] ?? "unknown");
}
