import { createFileSigningLog } from "@aethel/pbft/file";
import type { Layout } from "./layout.ts";

/** Writes the signing state of a key that was made this moment and so has never signed. */
export async function createSigningState(layout: Layout): Promise<void> {
  const log = await createFileSigningLog({
    path: layout.signingLog,
    allowNewSigningState: "new-key",
  });
  await log.close();
}
