import type { ProofBody, Trust } from "@aethel/models";
import { difficultyOfExecution } from "@aethel/rewards";
import type { SizedProof } from "../admission/admission.ts";
import { findCalls } from "../calls/find-calls.ts";
import { type PreparedCall, prepareInvoke } from "../calls/prepare-calls.ts";
import { type CoversRun, type InvokeResult, runInvoke } from "../calls/run-invoke.ts";
import { chargeFor } from "../fees/charge.ts";
import { newCosigners } from "../fees/growth.ts";
import { mostUsed } from "../fees/price.ts";
import { costOf } from "../metering/units.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { type OpenAccount, withdraw } from "../state/accounts.ts";
import { type Effect, type ProofContext, usageOf } from "./proof-effect.ts";

export function enactInvoke(
  body: Extract<ProofBody, { readonly type: "invoke" }>,
  sized: SizedProof,
  author: OpenAccount,
  context: ProofContext,
): Effect | Refusal {
  const { overlay, prices, meter, programs } = context;
  const offered = { body: sized.proof.body, bytes: sized.bytes };
  const room = { meter, reserved: costOf(offered) };
  const found = findCalls(body, overlay, programs, room);
  if ("code" in found) return found;
  const { programUnits } = found;
  const cosigners = newCosigners(body, overlay);
  if (programUnits > 0 || cosigners > 0) {
    // Admission has seen the rest: all that the body alone can take.
    const most = mostUsed(offered, prices.parameters, { units: programUnits });
    const usage = { ...most, growth: { entries: cosigners, bytes: 0 } };
    const { charged } = chargeFor(body, usage, prices);
    if (charged > body.feeLimit) {
      const beside = `with its program and ${cosigners} new signers it may be charged ${charged}`;
      return refusal("fee-limit", `the fee limit is ${body.feeLimit} micro-tokens, ${beside}`);
    }
  }
  const prepared = prepareInvoke(body, found.calls, programs);
  for (const { program } of found.loads) meter.noteCall(program);
  withdraw(author, body.feeLimit);
  // The result speaks of the programs, which were proved when they were published.
  const claim = { verdict: "valid", trust: leastTrust(prepared.calls) } as const;
  const effectOf = (run: InvokeResult): Effect => ({
    ...claim,
    outcome: run.outcome,
    code: run.code,
    detail: run.detail,
    difficulty: difficultyOfExecution(run.units, prices.parameters),
    used: run.units,
    units: run.units + programUnits,
    storedBytes: 0,
    growth: { entries: cosigners + (run.entries ?? 0), bytes: 0 },
    deposit: run.deposit ?? 0n,
    calls: run.calls,
  });
  const covers: CoversRun = ({ units, entries, deposit }) => {
    if (entries === 0 && deposit <= 0n) return true;
    const ending = { outcome: "applied", code: "none", units, detail: "", entries } as const;
    const usage = usageOf(sized, effectOf({ ...ending, calls: [] }), prices);
    const { charged } = chargeFor(body, usage, prices);
    return charged + (deposit > 0n ? deposit : 0n) <= body.feeLimit;
  };
  const { verifySigned } = context;
  const by = verifySigned === undefined ? { covers } : { covers, verifySigned };
  return effectOf(runInvoke(prepared, body, context, by));
}

/** Returns the trust of the program of all calls that is trusted least. */
function leastTrust(calls: readonly PreparedCall[]): Trust {
  let least: Trust = "certified";
  for (const call of calls) {
    const trust = trustOf(call);
    if (TRUSTS.indexOf(trust) < TRUSTS.indexOf(least)) least = trust;
  }
  return least;
}

/** Returns the trust of a call's program. Only certified contracts are recorded. */
function trustOf(call: PreparedCall): Trust {
  return call.kind === "contract" ? "certified" : call.record.trust;
}

const TRUSTS: readonly Trust[] = ["none", "solver", "certified"];
