import { type Guess, quoteFeeLimit } from "@aethel/ledger";
import type { Amount, ChainParameters, ProofBody } from "@aethel/models";
import { toDifficulty, toHex } from "@aethel/models";
import { difficultyOf } from "@aethel/verifier";

/** Bytes of a certificate that a quote covers. The longest of the standard intents has 38 kB. */
const CERTIFICATE_ALLOWANCE = 65_536;

/** Bytes of each called program that a quote covers. The longest intent of a new chain has 976. */
const PROGRAM_ALLOWANCE = 4_096;

/**
 * Computes a fee limit that suffices at the lowest base fee, whatever the Judge finds within the
 * resource limit. It includes a certificate of 65,536 bytes and 4,096 bytes for each called
 * program. The author gets back what is not charged. The fee limit in `body` is ignored. A quote of
 * a node is more exact, since the node knows the current base fee.
 */
export function feeLimitFor(parameters: ChainParameters, body: ProofBody): Amount {
  const programBytes = programsOf(body).map(() => PROGRAM_ALLOWANCE);
  return quoteFeeLimit({ body, parameters, programBytes, ...guessFor(body) });
}

/** Returns the different intents that a body calls, in hexadecimal digits. */
function programsOf(body: ProofBody): readonly string[] {
  if (body.type !== "invoke") return [];
  return [...new Set(body.calls.map(({ intent }) => toHex(intent)))];
}

/**
 * Returns the highest difficulty that a body can have before it is judged, and the certificate size
 * to assume, in bytes.
 */
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
