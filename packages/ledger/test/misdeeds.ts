import {
  blockDigest,
  compareBytes,
  type Digest,
  type Evidence,
  type Signature,
  sha256,
  signableProposal,
  signableViewChange,
  signableVote,
  toSequence,
  toView,
} from "@aethel/models";
import { compileSource, obligationsOf } from "@aethel/verifier";
import { findFalseClaim } from "../src/application/false-claim.ts";
import type { Judgement, LedgerState } from "../src/index.ts";
import { judgedAs, judgedSource } from "./judgements.ts";
import { build, doubleVote, type Person, publish, step, utf8, type World } from "./world.ts";

/** A block that passes something refuted for proved, and what shows it. */
export interface Lie {
  readonly header: ReturnType<typeof build>["header"];
  readonly claim: Uint8Array;
}

const FALSE_SOURCE = `intent mint(signer me: Account) {
  guard { me.balance < 5; }
  effect { me.balance += 1; }
  verify { true; }
}`;

/** A lying block of a world; evidence may say that it was of any sequence. */
export function lieIn(world: World): Lie {
  const compiled = compileSource(utf8(FALSE_SOURCE));
  const intent = compiled.ok ? compiled.intents[0] : undefined;
  const broken = intent && obligationsOf(intent).find(({ kind }) => kind === "conservation");
  if (broken === undefined) throw new Error("the source creates money");
  const counterexample = {
    intent: "mint",
    kind: broken.kind,
    label: broken.label,
    span: broken.span,
    sentence: "one more than there was",
    arguments: [{ name: "me", type: "Account", value: "me" }],
    accounts: [{ name: "me", signs: true, before: { balance: "0" }, after: { balance: "1" } }],
  };
  const truth: Judgement = { ...judgedAs("refuted"), counterexample };
  const { state } = step(world, world.state);
  const proof = publish(world, world.alice, FALSE_SOURCE, { nonce: 0, feeLimit: 1_000_000n });
  const judge = (): Judgement => judgedSource(utf8(FALSE_SOURCE));
  const block = build(world, state, { proofs: [proof], judge });
  const claim = findFalseClaim(block, [truth]);
  if (claim === undefined) throw new Error("the lie is found");
  return { header: block.header, claim };
}

/** Who did what, and where. */
export interface Misdeed {
  readonly kind: Evidence["type"];
  readonly who: Person;
  readonly sequence: number;
}

/** Evidence that convicts: signatures and all. */
export function evidenceOf(
  { kind, who, sequence: number }: Misdeed,
  { world, state, lie }: { readonly world: World; readonly state: LedgerState; readonly lie: Lie },
): Evidence {
  const { chain } = world;
  const accused = { validator: who.id, key: who.signer.publicKey };
  const place = { sequence: toSequence(number), view: toView(0) };
  const [first, second] = ["a", "b"].map((word) => sha256(utf8(word))).toSorted(compareBytes) as [
    Digest,
    Digest,
  ];
  const vote = (digest: Digest): ReturnType<typeof signableVote> =>
    signableVote("commit", chain, { ...place, digest });
  switch (kind) {
    case "double-vote":
      return doubleVote(world, { signer: who.signer, accused: who, sequence: number });
    case "double-proposal": {
      const propose = (digest: Digest): { digest: Digest; signature: Signature } => ({
        digest,
        signature: who.signer.sign(signableProposal(chain, { ...place, digest })),
      });
      return { type: kind, ...accused, ...place, first: propose(first), second: propose(second) };
    }
    case "hidden-lock": {
      const body = {
        validators: state.votingSet.hash,
        sequence: place.sequence,
        newView: toView(1),
        parent: state.digest,
        prepared: undefined,
      };
      const commit = { digest: first, signature: who.signer.sign(vote(first)) };
      const signature = who.signer.sign(signableViewChange(chain, body));
      return { type: kind, ...accused, view: place.view, commit, body, signature };
    }
    case "false-header": {
      const header = { ...lie.header, sequence: place.sequence };
      const signature = who.signer.sign(vote(blockDigest(header)));
      const about = { phase: "commit" as const, view: place.view, header, signature };
      return { type: kind, ...accused, ...about, claim: lie.claim };
    }
  }
}
