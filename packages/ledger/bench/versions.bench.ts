/**
 * Whether old versions of the tree are given back: the memory of a ledger over many blocks, each
 * with a transfer between two of many accounts. `npm run bench -- versions --blocks 100000`; the
 * default, 5,000, takes half a minute. Nothing but the state is kept here, so that only it can
 * grow.
 */
import { printFigure, printPlace, sized } from "@aethel/bench";
import { createLedger, createMemoryStore, earliestTimestamp } from "@aethel/ledger";
import { blockDigest, toSequence } from "@aethel/models";
import { certify, createChain, SENT, transferBy } from "./chain.ts";

const BLOCKS = Number(/--blocks (\d+)/.exec(process.argv.join(" "))?.[1] ?? sized(5_000, 20));
const ACCOUNTS = sized(20_000, 500);
const REPORTS = 10;

printPlace(`Memory over ${BLOCKS.toLocaleString("en")} blocks`);
const on = createChain({ accounts: ACCOUNTS, senders: 16 });
const head = { tree: on.state.tree, header: on.state.header, certificate: undefined };
const nothing = () => Promise.resolve(undefined);
const ledger = await createLedger({
  genesis: on.genesis,
  judge: { check: () => Promise.reject(new Error("nothing is judged")) },
  // A store that keeps nothing: only what the ledger itself holds can grow.
  store: { ...createMemoryStore(), load: () => Promise.resolve(head), write: nothing },
  verifySigned: () => true,
});
for (let at = 1; at <= BLOCKS; at++) {
  await commitTransfer(at);
  if (at % Math.floor(BLOCKS / REPORTS) === 0) printMemory(at);
}
process.exit();

async function commitTransfer(at: number): Promise<void> {
  const sender = on.senders[at % on.senders.length];
  if (sender === undefined) throw new Error("a chain has senders");
  const to = on.receiver((at * 7_919) % (ACCOUNTS - 16));
  const nonce = ledger.account(sender.id).nonce - SENT;
  const about = { nonce, to, fee: 100_000n, signed: true, expiry: toSequence(at + 10) };
  const added = ledger.submit(transferBy(on, sender, about));
  if (added.type === "refused") throw new Error(`${added.code}: ${added.message}`);
  const { certificate, validators, header } = ledger.head();
  const block = await ledger.propose({
    sequence: toSequence(header.sequence + 1),
    timestamp: earliestTimestamp(ledger.state()),
    proposer: validators.validators[0]?.id ?? on.validator.id,
    parentCertificate: certificate,
    evidence: [],
    reason: "work",
    signal: new AbortController().signal,
  });
  if (block?.items.length !== 1) throw new Error("a block has the transfer");
  const state = {
    header: block.header,
    digest: blockDigest(block.header),
    previousSet: validators,
  };
  const signed = certify(on, state);
  if (signed === undefined) throw new Error("a block has a certificate");
  await ledger.commit({ block, certificate: signed });
}

function printMemory(blocks: number): void {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MiB`;
  const value = `${megabytes(arrayBuffers)} of trees, heap ${megabytes(heapUsed)}, all ${megabytes(rss)}`;
  printFigure({ name: `after ${blocks.toLocaleString("en")} blocks`, value });
}
