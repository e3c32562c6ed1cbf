import { z } from "zod";

/** Message of a node process to the process that started it, over the IPC channel. */
export const ChildMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), url: z.string(), addresses: z.array(z.string()) }),
  z.object({ type: z.literal("failed"), code: z.string(), message: z.string() }),
]);
export type ChildMessage = z.infer<typeof ChildMessage>;

/** Sends a message to the parent process, if there is one with an IPC channel. */
export function tellParent(message: ChildMessage): void {
  if (process.send !== undefined && process.connected) process.send(message);
}
