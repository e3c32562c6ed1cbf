import {
  ContractIntentRecord,
  ContractRecord,
  cellCoding,
  encodeKeys,
  Holding,
  scalarsCoding,
  stateKey,
} from "@aethel/ledger";
import {
  type Argument,
  type Call,
  contractMessage,
  NATIVE_ASSET,
  type ProofBody,
  sha256,
  signProof,
  toAccountId,
  toAmount,
  toDifficulty,
  toDigest,
  toNonce,
  toResource,
  toSequence,
  ZERO_DIGEST,
} from "@aethel/models";
import {
  callUnitsBound,
  contractIntentDigest,
  encodeStored,
  type FieldValue,
  messagesOf,
  type TypedContract,
} from "@aethel/verifier";
import { intentRecord } from "../../src/programs/contract-interface.ts";
import type { BenchChain, Person } from "../chain.ts";
import { compiledContract } from "./contract-operations.ts";
import { CELLS, CONTRACT_WORK, contractSource } from "./contract-texts.ts";
import { accountEntry, type Entry, type Offer, type Offers } from "./offers.ts";
import { freshNumber, freshPerson } from "./people.ts";

/** Part of a recipe about calls of contracts. Numbers are counts. */
export interface ContractRecipe {
  /** Transactions. */
  readonly contracts: number;
  /** Place in `CONTRACT_WORK`. */
  readonly work: number;
  /** Calls of each transaction, 1 to 16. */
  readonly together: number;
  /** Different contracts, called in turns. */
  readonly instances: number;
}

const DIGEST = toDigest(new Uint8Array(32).fill(0x0d));

/** Transactions of a recipe, each by somebody else. `limit`: execution units of each. */
export function contractOffers(on: BenchChain, recipe: ContractRecipe, limit: number): Offers {
  const work = CONTRACT_WORK[recipe.work] ?? "sums";
  const contracts = Array.from({ length: recipe.contracts === 0 ? 0 : recipe.instances }, () =>
    compiledContract(contractSource(work, freshNumber())),
  );
  const people: Person[] = [];
  const cells: Entry[] = [];
  let turn = 0;
  const { count, together } = sizesOf(on, recipe, contracts[0]);
  const offers = Array.from({ length: count }, (): Offer => {
    const author = freshPerson();
    people.push(author);
    const calls = Array.from({ length: together }, (): Call => {
      const contract = contracts[turn++ % contracts.length];
      if (contract === undefined) throw new Error("a recipe has a contract");
      const id = BigInt(1_000 * freshNumber());
      if (work === "deleted-cells") cells.push(...cellsOf(contract, id));
      return callOf(on, contract, { author, id });
    });
    return { proof: proofOf(on, { author, calls, limit }), judged: undefined };
  });
  const entries = [
    ...contracts.flatMap(contractEntries),
    ...people.map(({ id }) => accountEntry(id, 1)),
    ...(cells.length === 0 ? [] : [...cells, poolEntry(on, cells)]),
  ];
  return { offers, entries };
}

/** Units of calls that one transaction can reserve: less than a quarter of a block. */
const UNITS_MAX = 1_200_000;

/**
 * Returns how many calls a transaction makes, which its units bound, and how many transactions are
 * offered. Cells that are deleted stand in the state before, so no more are offered than a block
 * has units for.
 */
function sizesOf(
  { state }: BenchChain,
  { contracts, work, together }: ContractRecipe,
  contract: TypedContract | undefined,
): { readonly count: number; readonly together: number } {
  const [intent] = contract?.intents ?? [];
  if (contract === undefined || intent === undefined) return { count: 0, together };
  const units = callUnitsBound(contract, intent);
  const calls = Math.max(1, Math.min(together, Math.floor(UNITS_MAX / units)));
  const full = Math.ceil(state.parameters.blockUnitsMax / (units * calls)) + 4;
  const isDeleted = CONTRACT_WORK[work] === "deleted-cells";
  return { count: isDeleted ? Math.min(contracts, full) : contracts, together: calls };
}

function callOf(
  on: BenchChain,
  contract: TypedContract,
  { author, id }: { readonly author: Person; readonly id: bigint },
): Call {
  const [intent] = contract.intents;
  if (intent === undefined) throw new Error("a contract of the bench has an intent");
  const before = intent.parameters.findIndex(({ type }) => type.kind === "signature");
  const given = intent.parameters.map(({ type }, at): Argument => {
    switch (type.kind) {
      case "account":
        return { type: "account", value: author.id };
      case "amount":
        return { type: "amount", value: toAmount(5n) };
      case "digest":
        return { type: "digest", value: DIGEST };
      case "signature":
        return {
          type: "signature",
          value: author.signer.sign(messageOf(on, contract, 5n + BigInt(at - before))),
        };
      default:
        return { type: "integer", negative: false, magnitude: id };
    }
  });
  return { intent: contractIntentDigest(contract.digest, intent.name), arguments: given };
}

/** Message that the contract asks for. */
function messageOf(
  { chain }: BenchChain,
  contract: TypedContract,
  amount: bigint,
): ReturnType<typeof contractMessage> {
  const [type] = messagesOf(contract);
  if (type === undefined) throw new Error("the contract checks no messages");
  const bytes = encodeStored([amount], type);
  return contractMessage({ genesis: chain, contract: contract.digest, record: type.name, bytes });
}

function proofOf(
  on: BenchChain,
  of: { readonly author: Person; readonly calls: readonly Call[]; readonly limit: number },
): Offer["proof"] {
  const { author, calls, limit } = of;
  const body: ProofBody = {
    type: "invoke",
    author: author.id,
    nonce: toNonce(1),
    resourceLimit: toResource(limit),
    feeLimit: toAmount(100_000_000_000n),
    expiry: toSequence(1_000),
    calls,
    cosigners: [],
    spending: [{ signer: 0, asset: NATIVE_ASSET, amount: toAmount(1_000_000n) }],
  };
  return signProof(on.chain, body, [author.signer]);
}

function contractEntries(contract: TypedContract): readonly Entry[] {
  const { digest, canonical, scalars, intents } = contract;
  const record = ContractRecord.encode({
    ...RECORD,
    canonical: new TextEncoder().encode(canonical),
  });
  const initial = scalars.map((scalar) => scalar.initial);
  return [
    { key: stateKey.contract(digest), value: record },
    ...intents.map(({ name }, index) => ({
      key: stateKey.contractIntent(contractIntentDigest(digest, name)),
      value: ContractIntentRecord.encode(intentRecord(contract, index)),
    })),
    { key: stateKey.scalars(digest), value: scalarsCoding(contract).encode(initial) },
    { key: stateKey.vault(digest, NATIVE_ASSET), value: Holding.encode({ amount: toAmount(0n) }) },
  ];
}

/** Deposits of cells. */
function poolEntry({ state }: BenchChain, cells: readonly Entry[]): Entry {
  const bytes = cells.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  const amount = toAmount(state.parameters.depositPrice * BigInt(bytes));
  return { key: stateKey.deposits, value: Holding.encode({ amount }) };
}

/** Cells of the largest size, as many as one call deletes. */
function cellsOf(contract: TypedContract, id: bigint): readonly Entry[] {
  const at = contract.maps.findIndex(({ name }) => name === "large");
  const map = contract.maps[at];
  if (map === undefined) throw new Error("a contract of the bench has large cells");
  const digest = "0d".repeat(32);
  const value: readonly FieldValue[] = Array.from({ length: 16 }, () => digest);
  return Array.from({ length: CELLS }, (_, cell) => {
    const keys = encodeKeys(map, [id + BigInt(cell), digest]);
    const key = stateKey.cell(contract.digest, { map: at, keys });
    return { key, value: cellCoding(map).encode(value) };
  });
}

const RECORD = {
  difficulty: toDifficulty(0),
  author: toAccountId(sha256(new TextEncoder().encode("nobody"))),
  judgeVersion: 1,
  languageVersion: 1,
  sequence: toSequence(0),
  certification: { kernelVersion: 1, certificateHash: ZERO_DIGEST },
} as const;
