/** Parts of the node's app that the lab uses: the files of a chain, and the client of the API. */
export {
  type FinalizedEvent,
  FinalizedEvent as FinalizedEventSchema,
  type Status,
} from "../../../../apps/node/src/api/api.ts";
export { feeLimitFor } from "../../../../apps/node/src/api/fee-limit.ts";
export { createNodeClient, type NodeClient } from "../../../../apps/node/src/client/node-client.ts";
export { readGenesis } from "../../../../apps/node/src/config/genesis-file.ts";
export { newChainParameters, type Pace } from "../../../../apps/node/src/config/new-chain.ts";
export { createDataDirectory } from "../../../../apps/node/src/data-directory.ts";
export { type Layout, layoutOf } from "../../../../apps/node/src/files/layout.ts";
export { createKeyFile } from "../../../../apps/node/src/keys/key-file.ts";
export { LOCALNET_COST } from "../../../../apps/node/src/keys/sealed-key.ts";
export {
  equalStakes,
  LOCALNET_PASSWORD,
  prepareNetwork,
} from "../../../../apps/node/src/localnet/network-directory.ts";
export { type Person, people, person } from "../../../../apps/node/src/localnet/people.ts";
