import {
  type Block,
  blockDigest,
  createCertificate,
  type QuorumCertificate,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { signStatement } from "../src/index.ts";
import { GENESIS, type Membership } from "./keys.ts";

/** Returns the certificate of a block with the COMMIT of every member of a set, in view 0. */
export function certifiedByAll(
  { members, set }: Pick<Membership, "members" | "set">,
  { header }: Pick<Block, "header">,
): QuorumCertificate {
  const vote = { sequence: header.sequence, view: toView(0), digest: blockDigest(header) };
  const votes = members.map(({ signer }, index) => {
    const statement = { type: "commit", ...vote, voter: toValidatorIndex(index) } as const;
    const message = signStatement({ statement, genesis: GENESIS, signer });
    if (message.type !== "commit") throw new Error("a COMMIT");
    return message;
  });
  return createCertificate({ phase: "commit", vote, set, votes });
}
