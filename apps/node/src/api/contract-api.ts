import { z } from "zod";
import { ValueBody } from "./contract-value.ts";

const natural = z.int().min(0);
const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const amount = z.string().regex(/^\d{1,20}$/);

/** Contract in the answer of `GET /contracts`. */
export const ContractBody = z.object({
  /** SHA-256 of the canonical text. It identifies the contract. */
  digest: hex,
  name: z.string(),
  author: hex,
  difficulty: natural,
  judgeVersion: natural,
  /** Version of the language whose semantics the contract has for ever. */
  languageVersion: natural,
  sequence: natural,
  /** Certificate that the kernel checked; `GET /certificates/:digest` has its bytes. */
  certification: z.object({ kernelVersion: natural, certificateHash: hex }),
});
export type ContractBody = z.infer<typeof ContractBody>;

/**
 * Answer of `GET /contracts?name=&begins=&after=&limit=`, sorted by name. `next` is the value of
 * `after` for the next page; absent on the last page.
 */
export const ContractsBody = z.object({
  contracts: z.array(ContractBody),
  next: hex.optional(),
});
export type ContractsBody = z.infer<typeof ContractsBody>;

const Typed = z.object({ name: z.string(), type: z.string() });

/** Interface of a contract: its types, its state, and the parameters of its intents. */
export const ContractInterface = z.object({
  intents: z.array(
    z.object({
      name: z.string(),
      /** Digest by which a call names the intent. */
      digest: hex,
      parameters: z.array(Typed.extend({ signer: z.boolean(), optional: z.boolean() })),
    }),
  ),
  scalars: z.array(Typed),
  maps: z.array(z.object({ name: z.string(), keys: z.array(z.string()), value: z.string() })),
  records: z.array(z.object({ name: z.string(), fields: z.array(Typed) })),
  enums: z.array(z.object({ name: z.string(), words: z.array(z.string()) })),
  /** Declared assets. `own`: only calls of the contract issue and burn it. */
  assets: z.array(z.object({ name: z.string(), id: hex, own: z.boolean() })),
});
export type ContractInterface = z.infer<typeof ContractInterface>;

/** Answer of `GET /contracts/:digest`: record, interface, and canonical text. */
export const ContractDetail = ContractBody.extend({
  text: z.string(),
  interface: ContractInterface,
});
export type ContractDetail = z.infer<typeof ContractDetail>;

/**
 * Proof of a value in the state after a final block. All parts are bytes in their canonical
 * encoding: `BlockHeader`, `QuorumCertificate` and the validator set of `@aethel/models`, and paths
 * of `@aethel/merkle`.
 */
export const StateProof = z.object({
  header: hex,
  certificate: hex,
  /** Set that voted on the header. */
  validators: hex,
  /** Merkle path of the value, or of its absence. */
  path: hex,
  /** Merkle path of the contract's record, which shows that the contract is published. */
  record: hex,
});
export type StateProof = z.infer<typeof StateProof>;

/** Answer of `GET /headers/:sequence`: canonical bytes of the header of a final block. */
export const HeaderBody = z.object({ sequence: natural, header: hex });
export type HeaderBody = z.infer<typeof HeaderBody>;

const place = {
  contract: hex,
  /** Sequence of the block after which the value holds. */
  sequence: natural,
};

/** Answer of `GET /contracts/:digest/state`: all scalars, and the holdings of the vault. */
export const ContractStateBody = z.object({
  ...place,
  scalars: z.array(Typed.extend({ value: ValueBody })),
  /** Amounts of the vault. `asset` is empty for the native one. */
  vault: z.array(z.object({ asset: z.string(), id: hex, amount })),
});
export type ContractStateBody = z.infer<typeof ContractStateBody>;

/** Answer of `GET /contracts/:digest/state/scalars`: all scalars, which are one entry. */
export const ScalarsBody = z.object({
  ...place,
  scalars: z.array(Typed.extend({ value: ValueBody })),
  proof: StateProof.optional(),
});
export type ScalarsBody = z.infer<typeof ScalarsBody>;

/** Answer of `GET /contracts/:digest/state/vault/:asset`. */
export const VaultBody = z.object({
  ...place,
  asset: z.string(),
  id: hex,
  amount,
  proof: StateProof.optional(),
});
export type VaultBody = z.infer<typeof VaultBody>;

/** Answer of `GET /contracts/:digest/state/cells/:map/:key`, with a second key for two keys. */
export const CellBody = z.object({
  ...place,
  map: z.string(),
  keys: z.array(z.string()),
  /** Whether the state has the cell. An absent cell has the default of its type. */
  present: z.boolean(),
  value: ValueBody,
  proof: StateProof.optional(),
});
export type CellBody = z.infer<typeof CellBody>;
