import type { ChainParameters, Invoke, Proof } from "@aethel/models";
import { laneOf } from "@aethel/rewards";
import { refuseExpired } from "../admission/admission.ts";
import { findPrograms, loadingUnits, loadsOf, type ProgramLoad } from "../calls/find-program.ts";
import { type FittingCall, fitCalls, growthOfCalls } from "../calls/fit-calls.ts";
import { floorsOf } from "../fees/price.ts";
import type { Reckoned } from "../fees/whole-limit.ts";
import { leastUnits, needMoreThan } from "../metering/least-run.ts";
import { unitsForProofs } from "../metering/shares.ts";
import type { AuthorQueue } from "../pending/author-queue.ts";
import { type Beside, isTenthAbove, type Offer, offerOf, priceOfBody } from "../pending/offer.ts";
import { type PendingProof, wasJudged } from "../pending/pending.ts";
import type { StateView } from "../pending/state-view.ts";
import type { Programs } from "../programs/programs.ts";
import { refusal } from "../results/refusal.ts";
import type { MempoolLimits } from "./limits.ts";
import { unaffordable } from "./refusals.ts";
import type { SubmitRefusal } from "./submit-refusal.ts";

/**
 * Submitted proof that the mempool has not accepted yet, with its author's queue. `replaced` is the
 * author's proof in the mempool with the same nonce; undefined if there is none.
 */
export interface AtDoor {
  readonly pending: PendingProof;
  readonly queue: AuthorQueue;
  readonly replaced: PendingProof | undefined;
}

/**
 * Refuses a proof if the author's balance is below the sum of the fee limits of all its proofs, if
 * a nonce was used, or if the author's nonce is too far ahead. Does not look up the program that an
 * invoke calls: `readOffer` does so later, since the lookup costs most. Undefined: the proof is not
 * refused.
 */
export function refuseOnAccount(
  { proof, queue, replaced }: Omit<AtDoor, "pending"> & { readonly proof: Proof },
  view: StateView,
  limits: MempoolLimits,
): SubmitRefusal | undefined {
  const { body } = proof;
  const others =
    replaced === undefined ? queue.reserved : queue.reserved - replaced.proof.body.feeLimit;
  const needed = others + body.feeLimit;
  if (queue.balance < needed) return unaffordable(queue.balance, needed);
  const onNonces = refuseOnNonces(proof, queue.nonce, view);
  if (onNonces !== undefined) return onNonces;
  if (body.nonce < queue.nonce + limits.perAuthorMax) return undefined;
  return refusal(
    "nonce-gap",
    `the nonce ${body.nonce} is ${limits.perAuthorMax} or more ahead of ${queue.nonce}`,
  );
}

/**
 * Refuses a proof if a block has already used its nonce or a nonce of a cosigner. A proof with a
 * nonce that is too high is not refused, because it can wait. Undefined: the proof is not refused.
 */
export function refuseOnNonces(
  { body }: Proof,
  nonce: number,
  view: StateView,
): SubmitRefusal | undefined {
  if (body.nonce < nonce) {
    return refusal("nonce-used", `the nonce ${body.nonce} is used, the next is ${nonce}`);
  }
  if (body.type !== "invoke") return undefined;
  const used = body.cosigners.find((one) => one.nonce < view.account(one.account).nonce);
  if (used === undefined) return undefined;
  return refusal("cosigner-nonce", `the cosigner's nonce ${used.nonce} is used`);
}

/**
 * Returns the price of a proof and the most resources that it may take, with the cost of loading
 * the program that it calls. Returns a refusal if no block could include the proof.
 */
export function readOffer(
  reckoned: Reckoned,
  view: StateView,
  programs: Programs,
): Offer | SubmitRefusal {
  const { body } = reckoned.offered;
  const { parameters } = view.state;
  const beside = besideOf(reckoned, view, programs);
  if ("code" in beside) return beside;
  const offer = offerOf(reckoned, parameters, beside);
  if (offer.baseFeeMax >= floorsOf(parameters)[laneOf(body.type)]) return offer;
  const { newCosigners, loads } = beside;
  const dearest = `${loadingUnits(loads)} units to load what it calls and ${newCosigners} new cosigners`;
  return refusal("fee-limit", `the fee limit ${body.feeLimit} does not cover ${dearest}`);
}

const NOTHING_BESIDE: Beside = { loads: [], newCosigners: 0 };

function besideOf(reckoned: Reckoned, view: StateView, programs: Programs): Beside | SubmitRefusal {
  const { body } = reckoned.offered;
  const { parameters } = view.state;
  if (body.type !== "invoke") return NOTHING_BESIDE;
  const found = findPrograms(body, view.programOf);
  if ("code" in found) return found;
  const loads = loadsOf(found);
  const unloadable = refuseLoads(reckoned, loads, parameters);
  if (unloadable !== undefined) return unloadable;
  const calls = fitCalls(body, found, programs);
  if ("code" in calls) return calls;
  const short = refuseShortLimit(body, calls);
  if (short !== undefined) return short;
  let newCosigners = 0;
  for (const { account } of body.cosigners) if (!view.hasAccount(account)) newCosigners += 1;
  return { loads, newCosigners, growth: growthOfCalls(body, calls) };
}

/**
 * Refuses an invoke that takes so many units with the programs that it loads that a block without
 * other proofs may have too few. One program always fits, and up to 16 long ones may not.
 */
function refuseLoads(
  { taken }: Reckoned,
  loads: readonly ProgramLoad[],
  { blockUnitsMax }: ChainParameters,
): SubmitRefusal | undefined {
  const units = taken.units + loadingUnits(loads);
  const most = unitsForProofs(blockUnitsMax, blockUnitsMax);
  if (units <= most) return undefined;
  const message = `with loading ${loads.length} programs it may take ${units} units, and a block may have ${most}; call fewer`;
  return refusal("resource-limit", message);
}

/** Refuses an invoke whose resource limit is too low for any complete run of its calls. */
function refuseShortLimit(
  { resourceLimit }: Invoke,
  calls: readonly FittingCall[],
): SubmitRefusal | undefined {
  if (!needMoreThan(resourceLimit, calls)) return undefined;
  const least = leastUnits(calls);
  const what = calls.length === 1 ? `a run of ${calls[0]?.called.name}` : "a run of its calls";
  const message = `${what} takes ${least} units at least; the resource limit is ${resourceLimit}`;
  return refusal("resource-limit", message);
}

/**
 * Refuses a proof if its author has as many as the mempool holds for it, or if it may not replace
 * the author's proof with the same nonce. Needs no program, and so comes before the lookup of what
 * an invoke calls. Undefined: the proof is not refused.
 */
export function refuseOnSpace(
  { proof, queue, replaced }: Omit<AtDoor, "pending"> & { readonly proof: Proof },
  { state }: StateView,
  limits: MempoolLimits,
): SubmitRefusal | undefined {
  const { body } = proof;
  if (replaced === undefined) {
    const own = queue.proofs.length;
    const isNext = body.nonce === queue.nonce + queue.runnable;
    if (own < limits.perAuthorMax) return isNext ? undefined : refuseToWait(queue, limits);
    return refusal("author-quota", `the author has ${own} proofs in the mempool; wait for a block`);
  }
  if (replaced.status === "judging") {
    return refusal(
      "under-judgement",
      `the proof with nonce ${body.nonce} is being judged; replace it afterwards`,
    );
  }
  const newcomer = { proof, offer: { price: priceOfBody(body, state.parameters) } };
  return replaces(newcomer, replaced) ? undefined : tooCheap(newcomer, replaced);
}

/**
 * Refuses one more proof that cannot run yet if its author has as many as the mempool holds for it.
 * Undefined: the proof is not refused.
 */
export function refuseToWait(
  { proofs, runnable }: AuthorQueue,
  { waitingPerAuthorMax }: MempoolLimits,
): SubmitRefusal | undefined {
  const waiting = proofs.length - runnable;
  if (waiting < waitingPerAuthorMax) return undefined;
  return refusal("author-quota", `the author has ${waiting} proofs that cannot run yet`);
}

/**
 * Refuses a proof that would make the Judge work for an author for which it has worked unpaid too
 * often. `unpaid` is the number of judgements of the author's proofs for which no block has
 * charged. Undefined: the proof is not refused.
 */
export function refuseOnWork(
  { pending, replaced }: Pick<AtDoor, "pending" | "replaced">,
  limits: MempoolLimits,
  unpaid: number,
): SubmitRefusal | undefined {
  const { body } = pending.proof;
  const isWork = body.type !== "invoke" || (replaced !== undefined && wasJudged(replaced));
  if (!isWork || wasJudged(pending) || unpaid < limits.rejectedMax) return undefined;
  return refusal(
    "too-many-rejected",
    `no block has charged for ${unpaid} judgements of the author; try again later`,
  );
}

/** Proof with its price. */
interface Priced {
  readonly proof: Proof;
  readonly offer: Pick<Offer, "price">;
}

/**
 * Whether `pending` may replace `held`: its price is at least a tenth higher, and its fee limit is
 * not lower.
 */
export function replaces(pending: Priced, held: Priced): boolean {
  const isDearer = isTenthAbove(pending.offer.price, held.offer.price);
  return isDearer && pending.proof.body.feeLimit >= held.proof.body.feeLimit;
}

function tooCheap(pending: Priced, held: Priced): SubmitRefusal {
  const [ours, theirs] = [pending.proof.body.feeLimit, held.proof.body.feeLimit];
  if (ours < theirs) {
    return refusal("replacement-fee", `the fee limit ${ours} is below the other proof's ${theirs}`);
  }
  const [price, other] = [pending.offer.price.over, held.offer.price.over];
  const tip = (other * 11n + 9n) / 10n - (price - (pending.proof.body.tip ?? 0n));
  const needed = `a tenth above the other proof's ${other} is needed: tip at least ${tip}`;
  const message = `floor and tip are ${price}; ${needed}`;
  return refusal("replacement-fee", message);
}

/**
 * Refuses a proof of the mempool after a new block because of its expiry, its nonces or its
 * author's balance. `reserved` is the sum of the fee limits of the author's earlier proofs, in
 * micro-tokens. Undefined: the proof is not refused.
 */
export function refuseAfterBlock(
  { proof }: PendingProof,
  queue: AuthorQueue,
  view: StateView,
  reserved: bigint,
): SubmitRefusal | undefined {
  const { body } = proof;
  const needed = reserved + body.feeLimit;
  return (
    refuseExpired(body, view.next) ??
    refuseOnNonces(proof, queue.nonce, view) ??
    (needed > queue.balance ? unaffordable(queue.balance, needed) : undefined)
  );
}
