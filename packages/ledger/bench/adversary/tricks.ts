/** Attacks on a mempool for which the adversary does not mean to pay. */
import { type AccountId, type Proof, toNonce } from "@aethel/models";
import type { BenchChain } from "../chain.ts";
import { type MiningNode, type Terms, transferOf } from "./node.ts";

/** Against whom, and what the adversary's proofs tip where they do run. */
export interface Where {
  readonly on: BenchChain;
  readonly node: MiningNode;
  readonly tip: bigint;
}

/** One trick, played once before a block. Returns what is to be in that block from elsewhere. */
export interface Trick {
  readonly name: string;
  readonly play: (where: Where, accounts: readonly AccountId[]) => readonly Proof[];
}

function send(
  { on, node, tip }: Where,
  who: AccountId,
  ahead: number,
  terms: Partial<Terms> = {},
): boolean {
  const nonce = node.nonce(who) + ahead;
  const base = node.baseFee();
  const proof = transferOf(on, who, who, { nonce, tip, baseFeeMax: 4n * base, ...terms });
  return node.submit(proof, "adversary");
}

/** The least fee limit that is taken at all. */
function sendTight(where: Where, who: AccountId, ahead: number): void {
  const baseFeeMax = where.node.baseFee();
  for (let twentieths = 20n; twentieths < 100n; twentieths++) {
    if (send(where, who, ahead, { baseFeeMax, twentieths })) return;
  }
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

/** Everything that has come to mind; a row each of docs/performance.md. */

export const TRICKS: readonly Trick[] = [
  {
    name: "255 proofs behind a nonce that never comes",
    play: ({ on, node, tip }, accounts) => {
      for (const who of accounts) for (const at of upTo(255)) send({ on, node, tip }, who, 1 + at);
      return [];
    },
  },
  {
    name: "proofs whose cosigner's nonce is far away",
    play: ({ on, node, tip }, accounts) => {
      for (const [at, who] of accounts.entries()) {
        const account = accounts[(at + 1) % accounts.length] ?? who;
        send({ on, node, tip }, who, 0, { cosigners: [{ account, nonce: toNonce(1_000_000) }] });
      }
      return [];
    },
  },
  {
    name: "pairs of cosigned proofs that wait for each other",
    play: ({ on, node, tip }, accounts) => {
      for (const [at, who] of accounts.entries()) {
        const account = accounts[at ^ 1] ?? who;
        if (account === who) continue;
        const nonce = toNonce(node.nonce(account) + 1);
        send({ on, node, tip }, who, 0, { cosigners: [{ account, nonce }] });
      }
      return [];
    },
  },
  {
    name: "one cosigner's nonce, promised to everybody",
    play: ({ on, node, tip }, [first, ...others]) => {
      if (first === undefined) return [];
      const nonce = toNonce(node.nonce(first));
      for (const who of others)
        send({ on, node, tip }, who, 0, { cosigners: [{ account: first, nonce }] });
      return [];
    },
  },
  {
    name: "fee limits that the next full block leaves behind",
    play: ({ on, node, tip }, accounts) => {
      for (const who of accounts) {
        for (const at of upTo(8)) sendTight({ on, node, tip }, who, at);
      }
      return [];
    },
  },
  {
    name: "proofs that last for one block",
    play: ({ on, node, tip }, accounts) => {
      const expiry = node.state().header.sequence + 1;
      for (const who of accounts)
        for (const at of upTo(8)) send({ on, node, tip }, who, at, { expiry });
      return [];
    },
  },
  {
    name: "256 in a row, and all the money spent in a block of another leader",
    play: ({ on, node, tip }, accounts) => {
      for (const who of accounts) for (const at of upTo(256)) send({ on, node, tip }, who, at);
      return accounts.map((who, at) => spendAll(on, node, who, accounts[at ^ 1] ?? who));
    },
  },
  {
    name: "a storm of replacements, each a fifth dearer",
    play: ({ on, node, tip }, accounts) => {
      for (const who of accounts) {
        for (const at of upTo(20)) {
          const dearer = (tip * 12n ** BigInt(at)) / 10n ** BigInt(at);
          send({ on, node, tip: dearer }, who, 0);
        }
      }
      return [];
    },
  },
];

/** At the floor, and nearly all that the account has. */
function spendAll(on: BenchChain, node: MiningNode, who: AccountId, to: AccountId): Proof {
  const terms = { nonce: node.nonce(who), baseFeeMax: node.baseFee() };
  const { body } = transferOf(on, who, to, terms);
  const left = node.balance(who) - body.feeLimit;
  return transferOf(on, who, to, { ...terms, amount: left > 0n ? left : 1n });
}
