import {
  createLedger,
  createMemoryStore,
  createPrograms,
  type JudgePort,
  quoteFeeLimit,
} from "@aethel/ledger";
import {
  type Argument,
  assert,
  type Digest,
  equalBytes,
  type Genesis,
  hashGenesis,
  type ProofBody,
  signProof,
  toAmount,
  toDifficulty,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { standardIntents } from "@aethel/verifier";
import type { TestKey } from "../test-chain.ts";
import type { ApplicationKind, ChainApplication } from "./application-kind.ts";
import { SAMPLE_THEOREMS } from "./sample-theorems.ts";
import { createTableJudge } from "./table-judge.ts";
import { VERDICT_TABLE } from "./verdict-table.ts";
import { createVerifyOnce } from "./verify-once.ts";

/** The production ledger with the standard intents. Its Judge is the one given. */
export function ledgerWith(judge: JudgePort): ApplicationKind {
  return {
    name: "ledger",
    intents: standardIntents().map(({ source }) => source),
    create: async (genesis) => createLedgerChain(genesis, judge),
  };
}

/**
 * The production ledger; verdicts come from a table that the real Judge filled beforehand, since
 * its threads have no place in virtual time.
 */
export const ledger: ApplicationKind = ledgerWith(createTableJudge(VERDICT_TABLE));

const EXECUTION_LIMIT = 10_000;
const TRANSFER = toAmount(1_000n);
const STAKE = toAmount(1_000_000n);

function createLedgerChain(genesis: Genesis, judge: JudgePort): ChainApplication {
  const chain = hashGenesis(genesis);
  const intents = namedIntents(genesis);
  // Every node executes every block, and with it the certificate of its parent.
  const verifySigned = createVerifyOnce();
  return {
    createNode: () => {
      const store = createMemoryStore();
      return async () => {
        const application = await createLedger({ genesis, judge, store, verifySigned });
        return { application, submit: (proof) => isTaken(application.submit(proof)) };
      };
    },
    work: ({ author, nonce }) => {
      const body = workBody({ author, nonce, genesis, intents });
      const difficulty = toDifficulty(100_000);
      const { parameters } = genesis;
      const feeLimit = quoteFeeLimit({ body, difficulty, parameters });
      return signProof(chain, { ...body, feeLimit }, [author.signer]);
    },
  };
}

type Added = ReturnType<Awaited<ReturnType<typeof createLedger>>["submit"]>;

/** A proof that was refused for good is done with; one that came too early comes again. */
function isTaken(added: Added): boolean {
  return added.type === "accepted" || added.code !== "nonce-gap";
}

/** Validators raise their stake, others transfer, and now and then somebody proves a theorem. */
function workBody(options: {
  readonly author: TestKey;
  readonly nonce: number;
  readonly genesis: Genesis;
  readonly intents: ReadonlyMap<string, Digest>;
}): ProofBody {
  const { author, nonce, genesis, intents } = options;
  const envelope = {
    author: author.id,
    nonce: toNonce(nonce),
    feeLimit: toAmount(0n),
    expiry: toSequence(1_000_000_000),
  };
  const theorem = SAMPLE_THEOREMS[(nonce * 7 + (author.id[0] ?? 0)) % SAMPLE_THEOREMS.length];
  const isValidator = genesis.validators.some(({ id }) => equalBytes(id, author.id));
  if (nonce % 3 === 2 && theorem !== undefined && !isValidator) {
    const script = new TextEncoder().encode(theorem.script);
    const resourceLimit = toResource(theorem.resourceLimit);
    return { type: "theorem", ...envelope, resourceLimit, script };
  }
  const receiver = genesis.accounts[nonce % genesis.accounts.length]?.id ?? author.id;
  const name = isValidator ? "stake" : "transfer";
  const intent = intents.get(name);
  assert(intent !== undefined, `the standard library has ${name}`);
  const call: readonly Argument[] = isValidator
    ? [
        { type: "account", value: author.id },
        { type: "amount", value: STAKE },
      ]
    : [
        { type: "account", value: author.id },
        { type: "account", value: receiver },
        { type: "amount", value: TRANSFER },
      ];
  const resourceLimit = toResource(EXECUTION_LIMIT);
  return {
    type: "invoke",
    ...envelope,
    resourceLimit,
    intent,
    arguments: [...call],
    cosigners: [],
  };
}

function namedIntents(genesis: Genesis): ReadonlyMap<string, Digest> {
  const programs = createPrograms();
  const compiled = genesis.intents.flatMap(({ source }) => programs.compile(source, "genesis"));
  return new Map(compiled.map(({ name, digest }) => [name, digest]));
}
