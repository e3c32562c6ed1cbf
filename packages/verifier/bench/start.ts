/** Child of the bench: prints how long a new process took to its first verdict, or memory. */
import { sized } from "@aethel/bench";
import { createJudge } from "@aethel/verifier";
import { freshIntents, freshTheorem } from "./inputs.ts";

const script = "(declare-const p Bool)(assert (and p (not p)))(check-sat)";
const trivial = { path: "", text: script, milliseconds: 0 };
const kind = process.argv[2];

if (kind === "memory") {
  const rss = [];
  for (const workers of [1, 3]) {
    await using judge = await createJudge({ workers });
    const payloads = Array.from({ length: sized(16, 1) }, () => [
      ...freshIntents(),
      freshTheorem(trivial),
    ]);
    await Promise.all(payloads.flat().map(async (payload) => await judge.check(payload)));
    rss.push(process.memoryUsage.rss());
  }
  const [one = 0, three = 0] = rss;
  console.log(JSON.stringify({ worker: (three - one) / 2 }));
} else if (kind === "genesis") {
  await using judge = await createJudge({ workers: 2 });
  await Promise.all(freshIntents().map(async (payload) => await judge.check(payload)));
  console.log(JSON.stringify({ first: performance.now() }));
} else {
  await using judge = await createJudge({ workers: 1 });
  const intent = freshIntents().find((one) => one.type === "publish" && one.privileged !== true);
  const payload = kind === "theorem" || intent === undefined ? freshTheorem(trivial) : intent;
  await judge.check(payload);
  console.log(JSON.stringify({ first: performance.now() }));
}
