import { randomBytes } from "node:crypto";
import { KeyRecord, type Ledger, stateKey } from "@aethel/ledger";
import { type AccountId, createSigner, type Signer, toAccountId } from "@aethel/models";
import type { Config } from "../config/config.ts";

/** Whose votes a node casts, and with what key. */
export interface Identity {
  readonly id: AccountId;
  readonly signer: Signer;
  readonly validator: { readonly id: AccountId; readonly signer: Signer } | undefined;
}

/**
 * The account that the ledger knows the consensus key of, or what such an account will be called.
 * An observer gets a name that no validator has, so it can never vote.
 */
export function identityOf(
  { role, consensusKey }: { readonly role: Config["role"]; readonly consensusKey: Uint8Array },
  ledger: Ledger,
): Identity {
  const isValidator = role === "validator";
  const signer = createSigner(isValidator ? consensusKey : new Uint8Array(randomBytes(32)));
  const record = ledger.state().tree.get(stateKey.consensusKey(signer.publicKey));
  const id =
    record === undefined ? toAccountId(signer.publicKey) : KeyRecord.decode(record).validator;
  return { id, signer, validator: isValidator ? { id, signer } : undefined };
}
