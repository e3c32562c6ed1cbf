import {
  contractMessage,
  createSigner,
  fromHex,
  noteAcceptableKey,
  type Signer,
  sha256,
  toDigest,
  toHex,
  toPublicKey,
  toSignature,
  verifySigned,
} from "@aethel/models";
import {
  type ContractCall,
  compileContract,
  type FieldValue,
  runCall,
  type TypedContract,
} from "@aethel/verifier";
import { type ContractWork, contractSource } from "./contract-texts.ts";
import type { Operation } from "./operations.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const CHAIN = toDigest(new Uint8Array(32));

const RUNS: readonly (Pick<Operation, "name" | "isCheapForm"> & { readonly work: ContractWork })[] =
  [
    { name: "contract: sums of names", work: "sums" },
    { name: "contract: hash of a number", work: "hash-number" },
    { name: "contract: hash of a digest, hashed again", work: "hash-digest" },
    { name: "contract: hash of a record of 512 bytes", work: "hash-record" },
    { name: "contract: products of 8 x 8 words", work: "wide" },
    { name: "contract: records compared", work: "records", isCheapForm: true },
    { name: "contract: events of 512 bytes", work: "events", isCheapForm: true },
  ];

/** Operations of contracts that can be done alone. Their state is in memory. */
export function contractOperations(): readonly Operation[] {
  return [
    ...RUNS.map(({ name, work, ...form }) => ({ ...form, ...interpreted(name, work) })),
    signedMessages(),
    ...(["sums", "many-cells"] as const).map(loaded),
  ];
}

export function compiledContract(source: string): TypedContract {
  const result = compileContract(source);
  if (result.type === "contract") return result.contract;
  throw new Error(`a contract of the bench does not compile: ${JSON.stringify(result)}`);
}

function interpreted(name: string, work: ContractWork): Operation {
  const contract = compiledContract(contractSource(work, 0));
  return {
    name,
    prepare: () => () => {
      let units = 0;
      for (let at = 0; at < 20; at++) units += unitsOf(contract, callOf(contract));
      return units;
    },
  };
}

function signedMessages(): Operation {
  const contract = compiledContract(contractSource("signatures", 0));
  return {
    name: "contract: signed messages by keys in no cache",
    prepare: (round) => {
      const calls = Array.from({ length: 20 }, (_, at) => {
        const signer = createSigner(sha256(utf8(`message ${round} ${at}`)));
        noteAcceptableKey(signer.publicKey);
        return callOf(contract, signer);
      });
      return () => calls.reduce((sum, call) => sum + unitsOf(contract, call), 0);
    },
  };
}

/** A contract compiled from its text, as the first call in a block finds it. */
function loaded(work: ContractWork): Operation {
  return {
    name: `contract of ${work}, loaded`,
    prepare: (round) => {
      const sources = Array.from({ length: 10 }, (_, at) => contractSource(work, round * 10 + at));
      return () => {
        let units = 0;
        for (const source of sources) {
          const { canonical } = compiledContract(source);
          // As `programUnits`, without the read.
          units += canonical.length * 9;
        }
        return units;
      };
    },
  };
}

function unitsOf(contract: TypedContract, call: ContractCall): number {
  const [intent] = contract.intents;
  if (intent === undefined) throw new Error("a contract of the bench has an intent");
  const result = runCall(contract, intent, call);
  if (result.type === "applied") return result.units;
  throw new Error(JSON.stringify(result));
}

function callOf(contract: TypedContract, signer?: Signer): ContractCall {
  const account = signer === undefined ? "11".repeat(32) : toHex(signer.publicKey);
  const values = new Map<string, FieldValue>([
    ["p", account],
    ["a", 5n],
    ["id", 7n],
    ["d", "0d".repeat(32)],
  ]);
  const [intent] = contract.intents;
  const parameters = intent?.parameters ?? [];
  const before = parameters.findIndex(({ type }) => type.kind === "signature");
  const given = parameters.map(({ name, type }, at): [string, FieldValue] => {
    if (type.kind !== "signature") return [name, values.get(name) ?? 0n];
    const message = { genesis: CHAIN, contract: contract.digest, record: "Note" };
    const object = contractMessage({ ...message, bytes: note(5n + BigInt(at - before)) });
    return [name, signer === undefined ? "00".repeat(64) : toHex(signer.sign(object))];
  });
  return {
    arguments: new Map(given),
    signers: new Set([account]),
    sequence: 1n,
    now: 1n,
    state: {
      holding: () => 1_000_000n,
      supply: () => 0n,
      vault: () => 1_000_000n,
      scalar: (name) => {
        const scalar = contract.scalars.find((one) => one.name === name);
        if (scalar === undefined) throw new Error("a scalar of the bench is declared");
        return scalar.initial;
      },
      cell: () => undefined,
    },
    isSignature: ({ account: key, name, bytes, signature }) =>
      verifySigned(
        toPublicKey(fromHex(key)),
        contractMessage({ genesis: CHAIN, contract: contract.digest, record: name, bytes }),
        toSignature(fromHex(signature)),
      ),
  };
}

/** Bytes of the record `Note` with this amount. */
function note(amount: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, amount);
  return bytes;
}
