import { sized } from "@aethel/bench";
import { createSimdHasher, createTree, nobleHasher, type Tree } from "@aethel/merkle";
import {
  createSigner,
  findProofDefect,
  isAcceptableKey,
  noteAcceptableKey,
  Proof,
  type ProofBody,
  sha256,
  signProof,
  toAccountId,
  toAmount,
  toDigest,
  toNonce,
  toPublicKey,
  toResource,
  toSequence,
  UNITS,
} from "@aethel/models";
import { compileSource, interpretIntent, obligationsOf, type Value } from "@aethel/verifier";
import { decodeCertificate, encodeCertificate } from "@aethel/verifier/certificate";
import { type Arithmetic, arithmeticSource, deepIntent, wideIntent } from "./texts.ts";

/** One entry of the table of units, done so often that it can be timed. */
export interface Operation {
  readonly name: string;
  /**
   * Whether the entry has a dearer form: this one pays more than it costs, and is shown for that.
   */
  readonly isCheapForm?: boolean;
  /** Prepares a round; what it returns is timed and says how many units it stands for. */
  readonly prepare: (round: number) => () => number;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const digestOf = (text: string): Uint8Array => sha256(utf8(text));

const ACCOUNTS = sized(400_000, 4_000);
const BATCH = sized(4_000, 100);

/** Every operation of the table that can be done alone. Keys and accounts are new in each round. */
export function operations(): readonly Operation[] {
  const tree = treeOf(ACCOUNTS);
  return [
    ...ARITHMETIC.map(({ name, isCheapForm = false, ...term }) => ({
      ...interpreted(name, arithmeticSource(term)),
      isCheapForm,
    })),
    read(tree),
    write(tree),
    insertion(tree),
    storedBytes(tree),
    signature(),
    newKey(),
    proofBytes(),
    ...SOURCES.map(compiled),
    ...CERTIFICATES.map(certificateBytes),
    obligations(),
  ];
}

const ARITHMETIC: readonly (Arithmetic & Pick<Operation, "name" | "isCheapForm">)[] = [
  { name: "node: sums of names", bits: 64, term: "a" },
  {
    name: "node: comparisons of accounts",
    bits: 64,
    term: "p == q",
    joined: "&&",
    isCheapForm: true,
  },
  { name: "sum of 16 words", bits: 236, term: "z + y" },
  { name: "product of 2 x 2 words", bits: 120, term: "w * w" },
  { name: "product of 8 x 8 words", bits: 236, term: "y * y" },
  { name: "quotient of 1 word by 1", bits: 60, term: "a / w" },
  { name: "quotient of 8 words by 1", bits: 236, term: "y / (a + 3)" },
  { name: "quotient of 16 words by 4", bits: 236, term: "z / w" },
  { name: "quotient of 16 words by 8", bits: 236, term: "z / y" },
  { name: "remainder of 16 words by 8", bits: 236, term: "z % y" },
  { name: "quotient of a negative number", bits: 236, term: "(0 - z) / y" },
];

interface Source {
  readonly name: string;
  readonly source: string;
  readonly isCheapForm?: boolean;
}

const SOURCES: readonly Source[] = [
  { name: "source of many terms", source: arithmeticSource({ bits: 64, term: "a" }) },
  { name: "source of deep brackets", source: deepIntent("deep") },
  {
    name: "source of long constants",
    source: `const K = 1${"0".repeat(70)}; ${wideIntent("wide")}`,
    isCheapForm: true,
  },
];

function interpreted(name: string, source: string): Operation {
  const result = compileSource(source);
  const [intent] = result.ok ? result.intents : [];
  if (intent === undefined) throw new Error(`${name} does not compile`);
  const values = new Map<string, Value>([
    ["p", "11".repeat(32)],
    ["q", "12".repeat(32)],
    ["a", 5n],
  ]);
  const input = { arguments: values, sequence: 1n, read: () => 0n };
  return {
    name,
    prepare: () => () => {
      let units = 0;
      for (let at = 0; at < 40; at++) units += interpretIntent(intent, input).executionUnits;
      return units;
    },
  };
}

function treeOf(count: number): Tree {
  const value = new Uint8Array(16).fill(3);
  const entries = Array.from({ length: count }, (_, at) => ({ key: keyOf(`${at}`), value }));
  return createTree({ hasher: createSimdHasher() ?? nobleHasher }).update(entries);
}

function keyOf(name: string): Uint8Array {
  const key = new Uint8Array(33).fill(1);
  key.set(digestOf(name), 1);
  return key;
}

/** Accounts that no earlier round has touched. */
function placesOf(round: number): readonly Uint8Array[] {
  return Array.from({ length: BATCH }, (_, at) => keyOf(`${(round * BATCH + at) % ACCOUNTS}`));
}

function read(tree: Tree): Operation {
  const prepare: Operation["prepare"] = (round) => {
    const keys = placesOf(round);
    return () => {
      for (const key of keys) tree.get(key);
      return keys.length * UNITS.read;
    };
  };
  return { name: "read of an account in no cache", prepare };
}

function write(tree: Tree): Operation {
  const prepare: Operation["prepare"] = (round) => {
    const value = new Uint8Array(16).fill(round + 5);
    const changes = placesOf(round + 40).map((key) => ({ key, value }));
    return () => {
      rootOf(tree.update(changes));
      return changes.length * UNITS.write;
    };
  };
  return { name: "write of an account, in the tree alone", prepare };
}

function insertion(tree: Tree): Operation {
  const prepare: Operation["prepare"] = (round) => {
    const value = new Uint8Array(16).fill(1);
    const changes = Array.from({ length: BATCH }, (_, at) => ({
      key: keyOf(`new ${round} ${at}`),
      value,
    }));
    return () => {
      rootOf(tree.update(changes));
      return changes.length * (UNITS.write + UNITS.newKeyInState);
    };
  };
  return { name: "new account, in the tree alone", prepare };
}

function storedBytes(tree: Tree): Operation {
  const prepare: Operation["prepare"] = (round) => {
    const value = new Uint8Array(1_000_000).fill(round);
    return () => {
      rootOf(tree.update([{ key: keyOf(`large ${round}`), value }]));
      return (value.length / 64) * UNITS.storedBytes64;
    };
  };
  return { name: "a value of 1 MB in the tree", prepare };
}

const CHAIN = toDigest(new Uint8Array(32));

function proofBy(seed: string): Proof {
  const signer = createSigner(digestOf(seed));
  const author = toAccountId(signer.publicKey);
  const body: ProofBody = {
    type: "invoke",
    author,
    nonce: toNonce(1),
    resourceLimit: toResource(500),
    feeLimit: toAmount(1_000n),
    expiry: toSequence(1_000),
    calls: [
      { intent: toDigest(digestOf("intent")), arguments: [{ type: "account", value: author }] },
    ],
    cosigners: [],
  };
  return signProof(CHAIN, body, [signer]);
}

function signature(): Operation {
  const prepare: Operation["prepare"] = (round) => {
    const proofs = Array.from({ length: 200 }, (_, at) => proofBy(`signer ${round} ${at}`));
    for (const { body } of proofs) noteAcceptableKey(toPublicKey(body.author));
    return () => {
      for (const proof of proofs) findProofDefect(CHAIN, proof);
      return proofs.length * UNITS.signature;
    };
  };
  return { name: "signature by a key in no cache", prepare };
}

function newKey(): Operation {
  const prepare: Operation["prepare"] = (round) => {
    const keys = Array.from(
      { length: 30 },
      (_, at) => createSigner(digestOf(`new key ${round} ${at}`)).publicKey,
    );
    return () => {
      for (const key of keys) isAcceptableKey(key);
      return keys.length * UNITS.newKey;
    };
  };
  return { name: "check of a new key", prepare };
}

function proofBytes(): Operation {
  const prepare: Operation["prepare"] = (round) => {
    const { body } = proofBy(`bytes ${round}`);
    const { author, nonce, resourceLimit, feeLimit, expiry } = body;
    const envelope = { author, nonce, resourceLimit, feeLimit, expiry };
    const script = new Uint8Array(1_000_000).fill(round);
    const signatures = proofBy(`bytes ${round}`).signatures;
    const encoded = Proof.encode({ body: { type: "theorem", ...envelope, script }, signatures });
    return () => {
      // Decoded, encoded again, hashed as an item, as a leaf and under its signature.
      const again = Proof.encode(Proof.decode(encoded));
      for (let times = 0; times < 3; times++) sha256(again);
      return (encoded.length / 16) * UNITS.proofBytes16;
    };
  };
  return { name: "a proof of 1 MB", prepare };
}

function compiled({ name, source, ...form }: Source): Operation {
  const result = compileSource(source);
  const [intent] = result.ok ? result.intents : [];
  if (intent === undefined) throw new Error(`${name} does not compile`);
  const { canonical } = intent;
  return {
    ...form,
    name: `${name}, published and loaded`,
    prepare: () => () => {
      compileSource(source);
      compileSource(canonical);
      return source.length * UNITS.sourceByte + canonical.length * UNITS.programByte;
    },
  };
}

/**
 * Certificates of 64 intents: one row for each obligation, of which an intent has some 400 at most.
 */
const CERTIFICATES = [
  { name: "short", row: 8, rows: 400 },
  { name: "long", row: 1_000, rows: 14, isCheapForm: true },
] as const;

function certificateBytes(of: (typeof CERTIFICATES)[number]): Operation {
  const rows = Array.from({ length: of.rows }, (_, at) => new Uint8Array(of.row).fill(at));
  const encoded = encodeCertificate(Array.from({ length: 64 }, () => rows));
  return {
    ...("isCheapForm" in of ? { isCheapForm: of.isCheapForm } : {}),
    name: `a certificate of ${encoded.length} bytes in ${of.name} rows, split`,
    prepare: () => () => {
      encodeCertificate(decodeCertificate(encoded) ?? []);
      sha256(encoded);
      return (encoded.length / 16) * UNITS.certificateBytes16;
    },
  };
}

/** Divisions have most obligations; each is derived with all that stands before it. */
function obligations(): Operation {
  const sum = Array.from({ length: 5 }, () => "x / (x + 1)").join(" + ");
  const claims = Array.from({ length: 60 }, () => `${sum} > 0;`).join("");
  const source = `intent many(signer p: Account, x: Amount) {
    guard { x > 0; } effect { } verify { ${claims} } }`;
  const result = compileSource(source);
  const [intent] = result.ok ? result.intents : [];
  if (intent === undefined) throw new Error("the intent with many divisions does not compile");
  return {
    name: "obligations of an intent, for evidence",
    prepare: () => () => {
      obligationsOf(intent);
      return UNITS.obligations;
    },
  };
}

/** A version is hashed when its root is asked for. */
function rootOf({ root }: Tree): Uint8Array {
  return root;
}
