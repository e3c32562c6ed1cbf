/**
 * Gains of an adversary from a mempool, and their price: `npm run bench -- adversary`, some
 * minutes. One node makes all blocks and executes them; signatures count as verified. All accounts
 * have the same balance, and one in a hundred is the adversary's.
 */

import { demandWork, printFigure, printPlace, sized } from "@aethel/bench";
import { hashProof, toHex } from "@aethel/models";
import { createMiningNode, type MiningNode, transferOf } from "./adversary/node.ts";
import { TRICKS } from "./adversary/tricks.ts";
import { type BenchChain, createChain } from "./chain.ts";

const ACCOUNTS = sized(30_000, 6_000);
const OWNED = ACCOUNTS / 100;
/** The smallest that a chain may have, so that blocks fill soon. */
const parameters = { blockUnitsMax: 4_000_000 };

/** All but the one that outbids on purpose. */
const QUIET = TRICKS.filter(({ name }) => !name.startsWith("a storm"));

printPlace("adversary: one hundredth of all tokens against a mempool");
const on = createChain({ accounts: ACCOUNTS + 1, senders: 1, parameters });
const owned = Array.from({ length: OWNED }, (_, at) => on.receiver(at));
tricks();
siege();
keepOut();
process.exit();

/** Honest proofs fill a small mempool; then one trick, and blocks until nothing can still pay. */
function tricks(): void {
  console.log(
    "honest proofs driven out of a full mempool, and what each cost, in fees of one such\n",
  );
  const full = sized(1_000, 500);
  for (const { name, play } of TRICKS) {
    const node = createMiningNode(on, { countMax: full });
    const crowd = Array.from({ length: full }, (_, at) => on.receiver(OWNED + at));
    for (const who of crowd) {
      if (!node.submit(bid(node, on, who), "honest")) throw new Error("an honest bid is refused");
    }
    const elsewhere = play({ on, node, tip: 50n * node.baseFee() }, owned.slice(0, 40));
    const displaced = node.displaced();
    let paid = 0n;
    let honestFee = 0n;
    for (let block = 0; block < 40 && node.pool.count > 0; block++) {
      const { fees } = node.mine(block === 0 ? elsewhere : []);
      for (const who of owned) paid += fees.get(toHex(who)) ?? 0n;
      for (const who of crowd) honestFee ||= fees.get(toHex(who)) ?? 0n;
    }
    demandWork(`${name}: fees of honest proofs that were final`, Number(honestFee));
    const price = Number(paid) / Number(honestFee || 1n);
    const each = displaced === 0 ? "none driven out" : `${(price / displaced).toFixed(2)} each`;
    printFigure({ name, value: `${displaced} for ${price.toFixed(0)}: ${each}` });
  }
}

/** All tricks at once, block after block, and transfers that pay just less than the honest. */
function siege(): void {
  const node = createMiningNode(on, { countMax: 5_000 });
  const waiting = new Map<string, number>();
  const [blocks, each] = [sized(40, 4), 20];
  let [worst, included, fresh] = [0, 0, OWNED];
  for (let block = 0; block < blocks; block++) {
    // Nothing of the adversary's outbids: that costs what is printed below.
    const tip = (node.baseFee() * 9n) / 10n;
    spam(node, owned.slice(100), tip);
    const trick = QUIET[block % QUIET.length];
    const from = 10 * (Math.floor(block / 4) % 10);
    const elsewhere = trick?.play({ on, node, tip }, owned.slice(from, from + 10)) ?? [];
    for (let at = 0; at < each; at++, fresh++) {
      const proof = bid(node, on, on.receiver(fresh));
      if (node.submit(proof, "honest")) waiting.set(toHex(hashProof(proof)), block);
      else worst = blocks;
    }
    const { names } = node.mine(elsewhere);
    for (const [name, since] of waiting) {
      if (!names.has(name)) continue;
      waiting.delete(name);
      included += 1;
      worst = Math.max(worst, block - since + 1);
    }
  }
  for (const since of waiting.values()) worst = Math.max(worst, blocks - since);
  demandWork("honest bids that were final under siege", included);
  console.log("");
  const value = worst === 1 ? "1 block" : `${worst} blocks`;
  printFigure({
    name: `${included} bids of twice the base fee, under siege: final after`,
    value,
    target: "<= 3",
  });
}

/** Outbids transfers that offer ten times the floor, for as many blocks as are printed. */
function keepOut(): void {
  const node = createMiningNode(on);
  const floor = node.baseFee();
  const victim = on.receiver(OWNED + 1);
  const terms = { nonce: node.nonce(victim), tip: 9n * floor, baseFeeMax: 1_000n * floor };
  const proof = transferOf(on, victim, victim, terms);
  if (!node.submit(proof, "honest")) throw new Error("the honest transfer is refused");
  console.log("\nto keep out transfers that bid ten times the floor, tokens for each block\n");
  for (let block = 1; block <= sized(24, 2); block++) {
    spam(node, owned, 9n * floor + 1n);
    const { names, fees, proofs } = node.mine();
    if (names.has(toHex(hashProof(proof)))) break;
    demandWork(`proofs of block ${block}`, proofs);
    const paid = owned.reduce((sum, who) => sum + (fees.get(toHex(who)) ?? 0n), 0n);
    if (block % 4 !== 1) continue;
    const value = `${(Number(paid) / 1e6).toFixed(2)} tokens`;
    printFigure({ name: `block ${block}, ${proofs} proofs`, value, target: ">= 30" });
  }
}

/** More transfers of the adversary's than a block takes, in front of all that tip less. */
function spam(node: MiningNode, from: typeof owned, tip: bigint): void {
  for (const who of from) {
    const next = node.pool.pendingNonce(who);
    for (let nonce = next; nonce < Math.min(next + 6, node.nonce(who) + 12); nonce++) {
      const terms = { nonce, tip, baseFeeMax: 4n * node.baseFee() };
      node.submit(transferOf(on, who, who, terms), "adversary");
    }
  }
}

/** An honest transfer that bids twice the base fee, once for all and once for the proposer. */
function bid(
  node: MiningNode,
  of: BenchChain,
  who: (typeof owned)[number],
): ReturnType<typeof transferOf> {
  const base = node.baseFee();
  return transferOf(of, who, who, { nonce: node.nonce(who), tip: base, baseFeeMax: 2n * base });
}
