import { createJudge } from "@aethel/verifier";

await using judge = await createJudge({ workers: 1 });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A theorem: an SMT-LIB script that is claimed to be unsatisfiable. */
export const theorem = await judge.check({
  type: "theorem",
  script: bytes("(declare-const x Int)(assert (and (> x 3) (< x 2)))(check-sat)"),
});

/** An intent: proved for all states and arguments, or refused with a counterexample. */
export const intent = await judge.check({
  type: "publish",
  source: bytes(`
    intent steal(signer thief: Account, victim: Account, amount: Amount) {
      guard  { victim.balance >= amount; }
      effect { victim.balance -= amount; thief.balance += amount; }
      verify { thief != victim => thief.balance == old(thief.balance) + amount; }
    }`),
});

if (theorem.type === "judged") console.log(theorem.verdict, theorem.difficulty); // valid 549
if (intent.type === "judged") console.log(intent.verdict, intent.reason); // refuted authority of ...
