import { toResource } from "@aethel/models";
import { difficultyOf } from "@aethel/verifier";
import { chargeFor } from "../fees/charge.ts";
import { usuallyStored } from "../fees/most-stored.ts";
import { floorsOf, highestCap } from "../fees/price.ts";
import { judgedUsage, type QuoteOptions, signedBytes } from "../fees/quote.ts";
import type { JudgedBody } from "../programs/record-claim.ts";

/**
 * Judge's units and bytes of certificate that a typical claim needs for each byte of its text.
 * Measured on the samples and the library: the medians are 5 and 0.6; nine in ten are under 30 and
 * 1.3.
 */
const USUAL = { judging: 6, certificate: 1 };

/**
 * Returns the charge, in micro-tokens, of a typical claim of the same length, if the claim turns
 * out to be valid and certified. The difficulty and the certificate are at most those in `options`.
 * The result is a guess, since only the Judge can tell.
 */
export function usualCharge(body: JudgedBody, options: Omit<QuoteOptions, "body">): bigint {
  const { difficulty, certificateBytes = 0, parameters, baseFees = floorsOf(parameters) } = options;
  const { length } = body.type === "theorem" ? body.script : body.source;
  const judging = Math.min(USUAL.judging * length, body.resourceLimit);
  const certificate = Math.min(USUAL.certificate * length, certificateBytes);
  const usual = difficultyOf({ resource: toResource(judging), proofBytes: length });
  const minting = usual < difficulty ? usual : difficulty;
  const stored = usuallyStored(body, certificate);
  const offered = { body, bytes: signedBytes(body) };
  const usage = judgedUsage(offered, stored, { difficulty: minting, parameters });
  const taken = { ...usage.taken, judging };
  const prices = { parameters, baseFees, cap: highestCap(parameters) };
  return chargeFor(body, { ...usage, taken }, prices).charged;
}
