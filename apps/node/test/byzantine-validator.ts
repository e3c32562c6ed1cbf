/**
 * A Byzantine validator as a process of its own: the parts of a real node (keys, libp2p, LMDB, Z3,
 * replica), and misbehaviour around them. It is a program of the tests; a node has no such switch.
 */
import { createSigner, hashGenesis, Proof } from "@aethel/models";
import { createPeerTransport } from "@aethel/p2p";
import { createReplica } from "@aethel/pbft";
import { createFileSigningLog } from "@aethel/pbft/file";
import { createJudge, judgeIdentity } from "@aethel/verifier";
import { z } from "zod";
import { readGenesis } from "../src/config/genesis-file.ts";
import { openDataDirectory } from "../src/data-directory.ts";
import { openKeyFile } from "../src/keys/key-file.ts";
import { LOCALNET_PASSWORD } from "../src/localnet/network-directory.ts";
import { applicationVersion } from "../src/runtime/application-version.ts";
import { createSystemClock } from "../src/runtime/clock.ts";
import { identityOf } from "../src/runtime/identity.ts";
import { openLedger } from "../src/runtime/open-ledger.ts";
import { createMisbehaviour, type Deed, Misdeed } from "./misdeeds.ts";

/** The one argument, JSON. */
const Options = z.object({ dataDir: z.string(), listen: z.string(), peers: z.array(z.string()) });

const options = Options.parse(JSON.parse(process.argv[2] ?? ""));
const layout = await openDataDirectory(options.dataDir);
const genesis = await readGenesis(layout.genesis);
const chain = hashGenesis(genesis);
const [consensusKey, networkKey] = await Promise.all([
  openKeyFile({ file: layout.consensusKey, purpose: "consensus", password: LOCALNET_PASSWORD }),
  openKeyFile({ file: layout.networkKey, purpose: "network", password: LOCALNET_PASSWORD }),
]);

const parts = new AsyncDisposableStack();
const tell = (message: object): void => void process.send?.(message);
// The test has ended, however: nothing of it may stay.
process.once("disconnect", () => void parts.disposeAsync().finally(() => process.exit(0)));

const signingLog = parts.use(await createFileSigningLog({ path: layout.signingLog }));
const { judgingBoundMs } = genesis.parameters;
const limits = { watchdogMilliseconds: judgingBoundMs };
const judge = parts.use(await createJudge({ workers: 1, limits }));
const signer = createSigner(consensusKey);
const onDone = (deed: Deed): void => tell({ type: "done", deed });
const misbehaviour = createMisbehaviour({ genesis, signer, onDone });
const { ledger } = await openLedger(
  {
    layout,
    genesis,
    judge: misbehaviour.judge(judge),
    signal: new AbortController().signal,
  },
  parts,
);
const self = identityOf({ role: "validator", signers: [signer] }, ledger);

const transport = parts.use(
  await createPeerTransport({
    genesis: chain,
    networkKey,
    validator: { id: self.id, signer: self.signer },
    head: () => ledger.head(),
    listen: [options.listen],
    bootstrap: options.peers,
    versions: { judge: judgeIdentity(), application: applicationVersion },
  }),
);
transport.onItem((bytes) =>
  ledger.submit(Proof.decode(bytes)).type === "accepted" ? "accept" : "ignore",
);
const replica = parts.use(
  createReplica({
    genesis: chain,
    parameters: genesis.parameters,
    signer: self.signer,
    id: self.id,
    // It contradicts itself on purpose.
    ignoresOwnSignatures: true,
    application: misbehaviour.application(ledger),
    transport: misbehaviour.transport(transport),
    clock: createSystemClock(),
    signingLog,
    onEvent: (event) => {
      if (event.type === "failed" || event.type === "diverged") tell({ type: "failed" });
    },
  }),
);
parts.defer(
  ledger.subscribe((event) => {
    if (event.type === "mempool") replica.notifyWork();
  }),
);
await replica.start();
process.on("message", (message) => misbehaviour.order(Misdeed.parse(message)));
tell({ type: "ready" });
