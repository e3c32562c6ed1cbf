import {
  assert,
  assertNever,
  type Digest,
  type ProofBody,
  toAmount,
  type VerificationResult,
} from "@aethel/models";
import { refuseExpired, refuseOnAccounts, type SizedProof } from "../admission/admission.ts";
import { chargeFor, type Usage } from "../fees/charge.ts";
import type { Taken } from "../fees/units.ts";
import type { Judgement } from "../programs/judge-port.ts";
import { type Receipt, toDetail } from "../results/receipt.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { RESULT_CODES } from "../results/result-code.ts";
import { deposit, type OpenAccount, openAccount, useNonce, withdraw } from "../state/accounts.ts";
import { changeDeposits } from "../state/deposits.ts";
import { noteBurned } from "../state/supply.ts";
import { enactInvoke } from "./execute-call.ts";
import { enactJudged } from "./execute-judged.ts";
import { type Effect, type ProofContext, usageOf } from "./proof-effect.ts";

/**
 * Result of a proof, with its receipt and the block resources that it used. The header commits to
 * the result.
 */
export interface ExecutedProof {
  readonly result: VerificationResult;
  readonly receipt: Receipt;
  /** Bytes of certificates that the proof added to the state. */
  readonly storedBytes: number;
  /**
   * Block resources that the proof used: bytes with certificates, execution units, and Judge's
   * units. They count to the proof's lane (invokes or judged proofs).
   */
  readonly taken: Taken;
  /** Execution units that the proof used. They are part of `taken`. */
  readonly units: number;
  /** Bytes by which the proof has grown the state. */
  readonly growth: number;
}

/**
 * Executes one proof on the overlay. A refusal means that a block with this proof at this place is
 * invalid; the overlay is then unchanged. Otherwise the proof uses its nonces and pays its fee,
 * whatever its outcome. Only a proof with the outcome `applied` changes anything else.
 */
export function executeProof(
  sized: SizedProof,
  judgement: Judgement | undefined,
  context: ProofContext,
): ExecutedProof | Refusal {
  const { body } = sized.proof;
  const { overlay } = context;
  const refused = refuseExpired(body, context.sequence) ?? refuseOnAccounts(body, overlay);
  if (refused !== undefined) return refused;
  const author = openAccount(overlay, body.author);
  const before = overlay.growth();
  const effect = enact(sized, judgement, author, context);
  if (!("outcome" in effect)) return effect;

  const { storedBytes } = effect;
  const usage = usageOf(sized, effect, context.prices);
  const { taken } = usage;
  const paid = settle(body, { usage, deposit: effect.deposit }, author, context);
  const result = resultOf(sized.hash, effect);
  return {
    result,
    storedBytes,
    taken,
    units: taken.units,
    growth: overlay.growth() - before,
    receipt: {
      ...result,
      sequence: context.sequence,
      index: context.index,
      kind: body.type,
      author: body.author,
      ...paid,
      calls: effect.calls,
      detail: toDetail(effect.detail),
    },
  };
}

function resultOf(proofHash: Digest, effect: Effect): VerificationResult {
  return {
    proofHash,
    verdict: effect.verdict,
    trust: effect.trust,
    outcome: effect.outcome,
    difficulty: effect.difficulty,
    resource: effect.used,
    errorCode: RESULT_CODES[effect.code],
  };
}

/**
 * Executes the claim or the call of a proof, and subtracts the whole fee limit from the author's
 * balance. For a call this is done before the run, so that the run cannot spend the fee limit.
 */
function enact(
  sized: SizedProof,
  judgement: Judgement | undefined,
  author: OpenAccount,
  context: ProofContext,
): Effect | Refusal {
  const { body } = sized.proof;
  switch (body.type) {
    case "invoke":
      return enactInvoke(body, sized, author, context);
    case "publish":
    case "theorem": {
      if (judgement === undefined || judgement.type === "abstained") {
        return refusal("unjudged", "it has no judgement, and needs one");
      }
      if (judgement.type === "rejected") return refusal("rejected", rejectionOf(judgement));
      const effect = enactJudged(body, sized, judgement, context);
      if ("outcome" in effect) withdraw(author, body.feeLimit);
      return effect;
    }
    default:
      return assertNever(body);
  }
}

/**
 * Uses the nonces, and settles fee and deposits: returns the unused part of the fee limit to the
 * author, burns a part of the fee, credits the rest to the treasury, and changes the sum of the
 * deposits. The tip is paid at the end of the block.
 */
function settle(
  body: ProofBody,
  due: { readonly usage: Usage; readonly deposit: bigint },
  author: OpenAccount,
  { overlay, prices, treasury }: ProofContext,
): Pick<Receipt, "fee" | "burned" | "tip" | "depositPaid" | "depositReturned"> {
  useNonce(author);
  if (body.type === "invoke") {
    for (const { account } of body.cosigners) useNonce(openAccount(overlay, account));
  }
  const { charged, burned, tip, rest } = chargeFor(body, due.usage, prices);
  const spent = charged + due.deposit;
  assert(spent <= body.feeLimit, "nothing is done that the fee limit does not cover");
  deposit(author, body.feeLimit - spent);
  changeDeposits(overlay, due.deposit);
  deposit(treasury, rest);
  noteBurned(overlay, burned);
  return {
    fee: toAmount(charged),
    burned: toAmount(burned),
    tip: toAmount(tip),
    depositPaid: toAmount(due.deposit > 0n ? due.deposit : 0n),
    depositReturned: toAmount(due.deposit < 0n ? -due.deposit : 0n),
  };
}

function rejectionOf(rejected: Extract<Judgement, { readonly type: "rejected" }>): string {
  const [first] = rejected.diagnostics;
  return first === undefined ? "the Judge rejected it" : `${first.code}: ${first.message}`;
}
