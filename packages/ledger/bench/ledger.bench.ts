/**
 * Throughput of the ledger on one core: invokes, blocks, the mempool, and the cost of junk. `npm
 * run bench -- ledger`; under three minutes. Signatures count as verified on arrival, where it is
 * not said otherwise.
 */
import {
  interleave,
  median,
  medianOf,
  printFigure,
  printPlace,
  printSkipped,
  ratioOf,
  sized,
} from "@aethel/bench";
import {
  beginBlock,
  createMempool,
  earliestTimestamp,
  executeBlock,
  findConservationDefect,
  MEMPOOL_LIMITS,
  type Mempool,
} from "@aethel/ledger";
import { Block, findProofDefect, itemProof, Proof } from "@aethel/models";
import { createJudge } from "@aethel/verifier";
import {
  type BenchChain,
  createChain,
  type Person,
  sealBlock,
  theoremBy,
  transferBy,
} from "./chain.ts";
import { createEthereumTransfers } from "./ethereum.ts";
import { measureJunk } from "./junk.ts";
import { ORDERS } from "./orders.ts";

const ACCOUNTS = sized(1_000_000, 4_000);
const INVOKES = sized(4_000, 400);
const BLOCK = sized(1_000, 100);
const PENDING = sized(100_000, 1_000);

const LIMITS = {
  ...MEMPOOL_LIMITS,
  countMax: PENDING,
  bytesMax: 1_073_741_824,
  waitingMax: 1_073_741_824,
  waitingPerAuthorMax: 256,
  judgedMax: 256,
};

const perSecond = (count: number, milliseconds: number): string =>
  `${Math.round((count / milliseconds) * 1_000).toLocaleString("en")}/s`;
const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(0)} %`;

printPlace("Ledger");
const built = performance.now();
/** The most that a chain may choose: the batches are larger than blocks of the default. */
const WIDE = { blockUnitsMax: 20_000_000 };
const on = createChain({ accounts: ACCOUNTS, senders: INVOKES, parameters: WIDE });
const took = ((performance.now() - built) / 1_000).toFixed(1);
console.log(`A state of ${ACCOUNTS.toLocaleString("en")} accounts, built in ${took} s\n`);

await benchExecution();
await benchMempool();
benchOrders();
await benchEthereum();
await benchJunk();
process.exit();

function transfers(of: BenchChain, count: number): readonly Proof[] {
  return of.senders
    .slice(0, count)
    .map((from, at) => transferBy(of, from, { nonce: 0, to: of.receiver(at * 229) }));
}

async function benchExecution(): Promise<void> {
  const proofs = transfers(on, INVOKES);
  const opening = {
    now: earliestTimestamp(on.state),
    proposer: on.validator.id,
    evidence: [],
    parentCertificate: undefined,
  };
  const invokes = (): void => {
    const begun = beginBlock(on.state, opening, on.tools);
    if (begun.type === "defect") throw new Error(begun.code);
    for (const proof of proofs) {
      const refusal = begun.run.add(proof, undefined);
      if (refusal !== undefined) throw new Error(refusal.message);
    }
  };
  const block = sealBlock(on, on.state, proofs.slice(0, BLOCK));
  const bytes = Block.encode(block);
  const parts = partsOf(block);
  const timings = await interleave(
    [
      { name: "invokes", run: invokes },
      { name: "block", run: () => demandExecuted(executeBlock(on.state, block, [], on.tools)) },
      {
        name: "fresh block",
        // As a voter gets it: other objects than the mempool's, so all is encoded and hashed again.
        run: () => demandExecuted(executeBlock(on.state, Block.decode(bytes), [], on.tools)),
      },
      ...parts,
    ],
    { rounds: 15, budgetMilliseconds: 25_000 },
  );
  const each = perSecond(INVOKES, medianOf(timings, "invokes"));
  printFigure({ name: "transfers executed, not rooted", value: each, target: ">= 20,000/s" });
  const busy = perSecond(INVOKES, cpuMedian(invokes));
  printFigure({
    name: "  the same by CPU time, as on a machine with nothing else to do",
    value: busy,
  });
  const whole = medianOf(timings, "block");
  const name = `block of ${BLOCK.toLocaleString("en")} transfers executed and rooted`;
  printFigure({ name, value: milliseconds(whole), target: "< 60 ms" });
  const alone = milliseconds(
    cpuMedian(() => demandExecuted(executeBlock(on.state, block, [], on.tools))),
  );
  printFigure({ name: "  the same by CPU time", value: alone });
  const fresh = milliseconds(medianOf(timings, "fresh block"));
  printFigure({ name: "the same, decoded from the wire first", value: fresh });
  let rest = whole;
  for (const part of parts) {
    const spent = medianOf(timings, part.name);
    rest -= spent;
    const value = `${milliseconds(spent)} ${percent(spent, whole)}`;
    printFigure({ name: `  of it: ${part.name}`, value });
  }
  printFigure({
    name: "  of it: the rest",
    value: `${milliseconds(rest)} ${percent(rest, whole)}`,
  });
  benchSignatures();
}

function demandExecuted(executed: ReturnType<typeof executeBlock>): void {
  if (executed.type === "invalid") throw new Error(executed.reason);
}

/** Parts of a block's execution that can be run alone, on the same data. */
function partsOf(block: Block): readonly { name: string; run: () => unknown }[] {
  const executed = executeBlock(on.state, block, [], on.tools);
  if (executed.type === "invalid") throw new Error(executed.reason);
  const { transition } = executed;
  const changes = transition.changes.map(({ key, after }) => ({ key, value: after }));
  const opening = {
    now: earliestTimestamp(on.state),
    proposer: on.validator.id,
    evidence: [],
    parentCertificate: undefined,
  };
  return [
    {
      name: "interpreter, checks and accounts",
      run: () => {
        const begun = beginBlock(on.state, opening, on.tools);
        if (begun.type === "defect") throw new Error(begun.code);
        const proofs = block.items.map(itemProof);
        begun.run.expect(proofs);
        for (const proof of proofs) begun.run.add(proof, undefined);
      },
    },
    { name: "tree: update and root", run: () => on.state.tree.update(changes).root },
    {
      name: "codec: proofs decoded once",
      run: () => block.items.map(({ bytes }) => Proof.decode(bytes)),
    },
    {
      name: "conservation, from the changes",
      run: () => findConservationDefect(transition, on.state.parameters),
    },
  ];
}

function benchSignatures(): void {
  const signed = on.senders
    .slice(0, sized(300, 20))
    .map((from, at) => transferBy(on, from, { nonce: 0, to: on.receiver(at), signed: true }));
  const times = [0, 1, 2].map(() => {
    const start = performance.now();
    for (const proof of signed) {
      if (findProofDefect(on.chain, proof) !== undefined) throw new Error("a bad signature");
    }
    return performance.now() - start;
  });
  const value = perSecond(signed.length, median(times));
  printFigure({ name: "signatures verified on arrival, beside all of this", value });
}

async function benchMempool(): Promise<void> {
  const few = on.senders.slice(0, sized(1_000, 100));
  await benchPool("1,000 authors", few, (who, nonce) =>
    theoremBy(on, who, { nonce, script: `(assert false) ; ${nonce}\n(check-sat)\n` }),
  );
  // Ids without keys will do: nothing here looks at a signature.
  const crowd = Array.from({ length: PENDING }, (_, at) => ({
    ...(few[0] as Person),
    id: on.receiver(at),
  }));
  await benchPool("100,000 authors", crowd, (who, nonce) =>
    theoremBy(on, who, { nonce, script: `(assert false) ; ${nonce}\n(check-sat)\n` }),
  );
  await benchPool("1,000 authors, transfers", few, (who, nonce) =>
    transferBy(on, who, { nonce, to: on.receiver(nonce) }),
  );
}

async function benchPool(
  name: string,
  authors: readonly Person[],
  make: (who: Person, nonce: number) => Proof,
): Promise<void> {
  type Parts = Record<"in" | "judged" | "out" | "update", ReturnType<typeof timed>>;
  const rounds: Parts[] = [];
  for (let round = 0; round < sized(3, 2); round++) {
    const proofs: Proof[] = [];
    for (let nonce = 0; proofs.length < PENDING; nonce++) {
      for (const who of authors) proofs.push(make(who, nonce));
    }
    const pool = createMempool({ state: on.state, ...on.tools, limits: LIMITS });
    const spent = {
      in: timed(() => addAll(pool, proofs)),
      judged: timed(() => judgeAll(pool)),
      out: timed(() => serveAll(pool)),
      update: timed(() => pool.update(on.state, { changes: [], includes: () => false })),
    };
    if (round > 0) rounds.push(spent);
  }
  const of = (part: keyof Parts, clock: "wall" | "cpu" = "wall"): number =>
    median(rounds.map((round) => round[part][clock]));
  const target = ">= 100,000/s";
  const shown = `100,000 pending of ${name}`;
  printFigure({ name: `${shown}: in`, value: perSecond(PENDING, of("in")), target });
  printFigure({ name: `${shown}: in, by CPU time`, value: perSecond(PENDING, of("in", "cpu")) });
  printFigure({ name: `${shown}: out`, value: perSecond(PENDING, of("out")), target });
  const update = milliseconds(of("update"));
  printFigure({ name: `${shown}: after a block about others`, value: update });
}

function benchOrders(): void {
  console.log(`\n${PENDING.toLocaleString("en")} in orders that an adversary picks, by CPU time`);
  for (const { name, prepare } of ORDERS) {
    const rounds = Array.from({ length: sized(4, 2) }, () => {
      const { run, operations } = prepare(on, PENDING);
      return { operations, cpu: timed(run).cpu };
    });
    // The first is compiled on the way.
    const [{ operations } = { operations: 0 }, ...warm] = rounds;
    const value = perSecond(operations, median(warm.map(({ cpu }) => cpu)));
    printFigure({ name, value, target: ">= 100,000/s" });
  }
}

function timed(action: () => void): { readonly wall: number; readonly cpu: number } {
  const [start, before] = [performance.now(), process.cpuUsage()];
  action();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, cpu: (user + system) / 1_000 };
}

/** Median CPU milliseconds, all threads of the process: what other programs take is not in it. */
function cpuMedian(run: () => void): number {
  return median(Array.from({ length: sized(9, 1) }, () => timed(run).cpu));
}

function addAll(pool: Mempool, proofs: readonly Proof[]): void {
  for (const proof of proofs) {
    const added = pool.add(proof);
    if (added.type === "refused") throw new Error(`${added.code}: ${added.message}`);
  }
}

function judgeAll(pool: Mempool): void {
  let at = 0;
  for (let next = pool.takeToJudge(); next !== undefined; next = pool.takeToJudge()) {
    at += 1;
    pool.settle(next, {
      type: "judged",
      verdict: "valid",
      difficulty: ((at * 7_919) % 10_007) as never,
      resource: 100 as never,
      milliseconds: 1,
    });
  }
}

function serveAll(pool: Mempool): void {
  const serving = pool.serve();
  let count = 0;
  for (let next = serving.next(); next !== undefined; next = serving.next()) {
    serving.taken();
    count += 1;
  }
  if (count !== PENDING) throw new Error(`${count} of ${PENDING} were served`);
}

/**
 * Both execute the same number of plain transfers on as many accounts, and compute a state root.
 */
async function benchEthereum(): Promise<void> {
  const accounts = sized(20_000, 400);
  const ours = createChain({ accounts, senders: BLOCK, parameters: WIDE });
  const block = sealBlock(ours, ours.state, transfers(ours, BLOCK));
  const theirs = await createEthereumTransfers({ accounts, transfers: BLOCK });
  const timings = await interleave(
    [
      {
        name: "ledger",
        run: () => demandExecuted(executeBlock(ours.state, block, [], ours.tools)),
      },
      { name: "ethereum", run: async () => await theirs.run() },
    ],
    { rounds: 7, budgetMilliseconds: 25_000 },
  );
  const ratio = ratioOf(timings, { slow: "ethereum", fast: "ledger" });
  const value = `${ratio.toFixed(1)} x`;
  printFigure({ name: `@ethereumjs/vm, ${BLOCK} transfers of ${accounts}, takes`, value });
}

async function benchJunk(): Promise<void> {
  const judge = await createJudge({ workers: 1 });
  console.log("\nJudge milliseconds that junk gets, and what it pays");
  for (const { name, millisecondsEach, feeEach } of await measureJunk(judge, sized(12, 1))) {
    const each = `${millisecondsEach.toFixed(2)} ms`;
    if (feeEach === 0) printFigure({ name, value: each, target: "free" });
    else {
      const rate = `${(millisecondsEach / feeEach).toExponential(1)} ms/micro-token`;
      printFigure({ name, value: `${each}, ${rate}` });
    }
  }
  await judge.close();
  const about = "bad signature, no money, used nonce, gap, low fee, expired, unknown intent";
  printSkipped(about, "0 ms: they are refused before the Judge (tested)");
}
