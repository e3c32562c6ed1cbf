import {
  type Argument,
  type Call,
  type Cosigner,
  compareBytes,
  type Proof,
  type ProofBody,
  type Signer,
  type SpendingLimit,
  signProof,
  toAssetId,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import fc from "fast-check";
import { TEST_CHAIN, type TestChain, type TestKey } from "../fixtures/test-chain.ts";
import { amounts, bytes32, digests, signatures } from "./scalars.ts";

/** Chain to which the signatures of generated objects are bound. Default: `TEST_CHAIN`. */
export interface ChainOptions {
  readonly chain?: TestChain;
}

/**
 * Proofs of all three kinds (or of `kind`) that `findProofDefect` accepts, with real signatures of
 * author and cosigners. Their sources and scripts are well-formed; no Judge has checked them.
 */
export function proofs(
  options: ChainOptions & { readonly kind?: ProofBody["type"] } = {},
): fc.Arbitrary<Proof> {
  const { chain = TEST_CHAIN, kind } = options;
  const kinds = kind === undefined ? (["publish", "invoke", "theorem"] as const) : [kind];
  return fc.oneof(...kinds.map((each) => signedProofs(chain, each)));
}

function signedProofs(chain: TestChain, kind: ProofBody["type"]): fc.Arbitrary<Proof> {
  return parties(chain).chain(({ author, others }) => {
    const cosigning = kind === "invoke" ? others : [];
    const signers: [Signer, ...Signer[]] = [author.signer, ...cosigning.map((key) => key.signer)];
    return bodies(kind, author, cosigning).map((body) => signProof(chain.genesis, body, signers));
  });
}

function parties(
  chain: TestChain,
): fc.Arbitrary<{ readonly author: TestKey; readonly others: readonly TestKey[] }> {
  return fc
    .record({
      author: fc.constantFrom(...chain.accounts),
      others: fc.subarray([...chain.accounts], { maxLength: 2 }),
    })
    .map(({ author, others }) => ({
      author,
      others: others
        .filter((key) => key !== author)
        .toSorted((left, right) => compareBytes(left.id, right.id)),
    }));
}

function bodies(
  kind: ProofBody["type"],
  author: TestKey,
  cosigning: readonly TestKey[],
): fc.Arbitrary<ProofBody> {
  const envelope = {
    author: fc.constant(author.id),
    nonce: fc.nat({ max: 1_000 }).map(toNonce),
    resourceLimit: fc.integer({ min: 1, max: 10_000_000 }).map(toResource),
    feeLimit: amounts,
    expiry: fc.integer({ min: 1, max: 1_000_000 }).map(toSequence),
    tip: fc.option(amounts, { nil: undefined }),
  };
  switch (kind) {
    case "publish":
      return fc.record({ type: fc.constant("publish"), ...envelope, source: sources() });
    case "theorem":
      return fc.record({ type: fc.constant("theorem"), ...envelope, script: scripts() });
    case "invoke":
      return fc.record({
        type: fc.constant("invoke"),
        ...envelope,
        calls: fc.array(calls(), { minLength: 1, maxLength: 2 }),
        cosigners: fc.tuple(...cosigning.map((key) => consents(key))),
        spending: fc.option(spendingLimits(cosigning.length), { nil: undefined }),
      });
  }
}

function consents(key: TestKey): fc.Arbitrary<Cosigner> {
  return fc.record({
    account: fc.constant(key.id),
    nonce: fc.nat({ max: 1_000 }).map(toNonce),
  });
}

function calls(): fc.Arbitrary<Call> {
  return fc.record({
    intent: digests,
    arguments: fc.array(proofArguments(), { maxLength: 4 }),
  });
}

/** Legal limits: ascending by signer and asset, of the author and this number of cosigners. */
function spendingLimits(cosigners: number): fc.Arbitrary<readonly SpendingLimit[]> {
  const limit = fc.record({
    signer: fc.nat({ max: cosigners }),
    asset: bytes32.map(toAssetId),
    amount: amounts,
  });
  const place = ({ signer, asset }: SpendingLimit): string => `${signer} ${toHex(asset)}`;
  return fc
    .uniqueArray(limit, { maxLength: 2, selector: place })
    .map((limits) =>
      limits.toSorted(
        (left, right) => left.signer - right.signer || compareBytes(left.asset, right.asset),
      ),
    );
}

function proofArguments(): fc.Arbitrary<Argument> {
  return fc.oneof(
    fc.record({ type: fc.constant("amount"), value: amounts }),
    fc.record({ type: fc.constant("boolean"), value: fc.boolean() }),
    fc.record({ type: fc.constant("asset"), value: bytes32.map(toAssetId) }),
    fc.record({ type: fc.constant("digest"), value: digests }),
    fc.record({ type: fc.constant("signature"), value: signatures }),
    fc.record({ type: fc.constant("word"), value: fc.nat({ max: 255 }) }),
    fc.record({
      type: fc.constant("account"),
      value: fc.constantFrom(...TEST_CHAIN.accounts.map((key) => key.id)),
    }),
    fc.bigInt({ min: -(1n << 64n), max: 1n << 64n }).map((value) => ({
      type: "integer" as const,
      negative: value < 0n,
      magnitude: value < 0n ? -value : value,
    })),
  );
}

const utf8 = new TextEncoder();

function sources(): fc.Arbitrary<Uint8Array> {
  return fc.nat({ max: 999 }).map((number) =>
    utf8.encode(`intent transfer${number}(signer from: Account, to: Account, amount: Amount) {
  guard  { amount > 0; from.balance >= amount; }
  effect { from.balance -= amount; to.balance += amount; }
  verify { from != to => from.balance == old(from.balance) - amount; }
}
`),
  );
}

function scripts(): fc.Arbitrary<Uint8Array> {
  return fc
    .record({ bound: fc.nat({ max: 10_000 }), step: fc.nat({ max: 10_000 }) })
    .map(({ bound, step }) =>
      utf8.encode(
        `(set-logic QF_LIA)\n(declare-const x Int)\n(assert (> x ${bound}))\n(assert (< (+ x ${step}) ${bound}))\n(check-sat)\n`,
      ),
    );
}
