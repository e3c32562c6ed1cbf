import { type Guess, quoteFeeLimit } from "@aethel/ledger";
import type { Amount, ChainParameters, ProofBody } from "@aethel/models";
import { toDifficulty } from "@aethel/models";
import { difficultyOf } from "@aethel/verifier";

/** Bytes of a certificate that a quote covers: the longest seen of a library's intents is 38 kB. */
const CERTIFICATE_ALLOWANCE = 65_536;

/** Bytes of a program that it covers: the longest intent of a new chain has 976. */
const PROGRAM_ALLOWANCE = 4_096;

/**
 * A fee limit that is enough whatever the Judge finds within the resource limit, on a quiet chain; a
 * certificate may have 65,536 bytes, and what a call runs 4,096, as all standard intents have. What
 * is not charged comes back. The fee limit of `body` is not looked at. A node knows more: ask it for a
 * quote where there is one.
 */
export function feeLimitFor(parameters: ChainParameters, body: ProofBody): Amount {
  return quoteFeeLimit({ body, parameters, programBytes: PROGRAM_ALLOWANCE, ...guessFor(body) });
}

/** Most that the Judge can find of a body that it has not seen. */
export function guessFor(body: ProofBody): Required<Guess> {
  const certificateBytes = body.type === "invoke" ? 0 : CERTIFICATE_ALLOWANCE;
  return { difficulty: greatestDifficulty(body), certificateBytes };
}

function greatestDifficulty(body: ProofBody): ReturnType<typeof toDifficulty> {
  switch (body.type) {
    case "invoke":
      return toDifficulty(0);
    case "publish":
      return difficultyOf({ resource: body.resourceLimit, proofBytes: body.source.length });
    case "theorem":
      return difficultyOf({ resource: body.resourceLimit, proofBytes: body.script.length });
  }
}
