import { randomBytes } from "node:crypto";
import { KeyRecord, type Ledger, stateKey } from "@aethel/ledger";
import { type AccountId, createSigner, type Signer, toAccountId } from "@aethel/models";
import type { Config } from "../config/config.ts";

/** Account for which a node votes, with its consensus keys. */
export interface Identity {
  readonly id: AccountId;
  readonly signer: Signer;
  /**
   * All consensus keys. More may be added later. The one that the validator set of a sequence
   * contains votes on that sequence.
   */
  readonly signers: readonly Signer[];
  /** Identity as a validator; undefined on an observer. */
  readonly validator: Pick<Identity, "id" | "signer" | "signers"> | undefined;
}

/**
 * Finds in the ledger the account that owns the consensus keys. If the ledger knows none of the
 * keys, the id is that of the first key. An observer or a sentry gets a random id, so that it can
 * never vote.
 */
export function identityOf(
  options: {
    readonly role: Config["role"];
    readonly signers: readonly [Signer, ...Signer[]];
  },
  ledger: Pick<Ledger, "state">,
): Identity {
  if (options.role !== "validator") {
    const signer = createSigner(new Uint8Array(randomBytes(32)));
    const id = toAccountId(signer.publicKey);
    return { id, signer, signers: [signer], validator: undefined };
  }
  const { signers } = options;
  const owned = signers.flatMap((signer) => {
    const record = ledger.state().tree.get(stateKey.consensusKey(signer.publicKey));
    return record === undefined ? [] : [{ id: KeyRecord.decode(record).validator, signer }];
  });
  // The last one is the latest key that the chain knows.
  const { id, signer } = owned.at(-1) ?? {
    id: toAccountId(signers[0].publicKey),
    signer: signers[0],
  };
  const validator = { id, signer, signers };
  return { ...validator, validator };
}
