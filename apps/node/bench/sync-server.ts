/**
 * Process that serves a snapshot over libp2p on the loopback interface, and writes the chunks to a
 * file for the comparison. Arguments: number of accounts, path of the file.
 */
import { writeSnapshot } from "@aethel/merkle/file";
import { blockDigest, hashGenesis, SnapshotHead, toHex, toSequence } from "@aethel/models";
import { createPeerTransport } from "@aethel/p2p";
import { createSnapshotSource } from "../src/storage/snapshot-source.ts";
import { alone, genesis, genesisState, snapshotOf } from "./sync-chain.ts";

const [accounts = "", file = ""] = process.argv.slice(2);
const { head, ...snapshot } = await snapshotOf(Number(accounts));
await writeSnapshot({ tree: snapshot.tree, path: file });
const { votingSet } = await genesisState();
const { header } = head;
const source = createSnapshotSource({
  ledger: {
    subscribe: () => () => undefined,
    state: () => snapshot,
    head: () => head,
  },
  schedule: { every: 10, keep: 1 },
  restored: [snapshot],
});
const transport = await createPeerTransport({
  genesis: hashGenesis(genesis),
  networkKey: new Uint8Array(32).fill(1),
  validator: { id: alone.id, signer: alone.signer },
  head: () => ({ header, validators: votingSet, previousValidators: votingSet }),
  listen: ["/ip4/127.0.0.1/tcp/0"],
  bootstrap: [],
});
const { sequence } = header;
transport.attach({
  message: () => undefined,
  connected: () => undefined,
  request: async (request) => {
    const absent = { type: "absent", head: sequence } as const;
    switch (request.type) {
      case "head":
        return {
          type: "head",
          sequence,
          digest: blockDigest(header),
          oldest: toSequence(sequence + 1),
        };
      case "headers":
        return request.to === sequence ? { type: "headers", headers: [header] } : absent;
      case "updates":
        return {
          type: "updates",
          updates: [{ header, certificate: head.certificate, nextValidators: undefined }],
        };
      case "snapshots":
        return { type: "snapshots", offers: [...source.offers()] };
      case "snapshot-head":
        return { type: "snapshot-head", head };
      case "snapshot-chunk": {
        const chunk = await source.chunk(request.sequence, request.from);
        return chunk === undefined ? absent : { type: "snapshot-chunk", chunk };
      }
      default:
        return absent;
    }
  },
});
process.send?.({
  addresses: transport.addresses(),
  head: toHex(SnapshotHead.encode(head)),
  entries: snapshot.tree.size,
});
process.once("disconnect", () => process.exit(0));
