import { createJudge } from "@aethel/verifier";
import { checkIntentCertificate } from "@aethel/verifier/certificate";

const source = `
  intent give(signer giver: Account, taker: Account, amount: Amount) {
    guard  { giver != taker; giver.balance >= amount; }
    effect { giver.balance -= amount; taker.balance += amount; }
    verify { taker.balance == old(taker.balance) + amount; }
  }`;

/** Proving needs the solver ... */
async function prove(): Promise<Uint8Array> {
  await using judge = await createJudge({ workers: 1 });
  const payload = { type: "publish", source: new TextEncoder().encode(source) } as const;
  const judgement = await judge.check(payload);
  if (judgement.type !== "judged" || judgement.certificate === undefined) {
    throw new Error("not certified");
  }
  return judgement.certificate;
}

/** ... and checking does not. */
export const answer = checkIntentCertificate(source, await prove());
console.log(answer); // { type: 'certified', obligations: 6, work: ... }

/** Check against another source, in which anybody may give what is not theirs: it fails. */
export const stolen = checkIntentCertificate(source.replace("signer ", ""), await prove());
if (stolen.type === "failed") console.log(stolen.obligation?.label); // no account's `balance` ...
