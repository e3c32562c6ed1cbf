import { quoteFeeLimit } from "@aethel/ledger";
import type { Amount, ChainParameters, ProofBody } from "@aethel/models";
import { toDifficulty } from "@aethel/models";
import { CERTIFICATE_BYTES_MAX, difficultyOf } from "@aethel/verifier";

/**
 * A fee limit that is enough whatever the Judge finds within the resource limit, and however long its certificate is. What is charged is
 * the used part of it. The fee limit of `body` is not looked at.
 */
export function feeLimitFor(parameters: ChainParameters, body: ProofBody): Amount {
  const certificateBytes = body.type === "invoke" ? 0 : CERTIFICATE_BYTES_MAX;
  return quoteFeeLimit({
    body,
    parameters,
    difficulty: greatestDifficulty(body),
    certificateBytes,
  });
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
