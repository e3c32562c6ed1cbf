import type { ConsensusMessage } from "@aethel/models";
import type { Cluster } from "./cluster.ts";

/** All that was sent, for tests that look at messages. */
export function tapped(cluster: Cluster): ConsensusMessage[] {
  const messages: ConsensusMessage[] = [];
  const send = cluster.send.bind(cluster);
  cluster.send = (from, to, message) => {
    messages.push(message);
    send(from, to, message);
  };
  return messages;
}

/** Loses all messages of one type. */
export const without = (cluster: Cluster, type: ConsensusMessage["type"]): void => {
  const send = cluster.send.bind(cluster);
  cluster.send = (from, to, message) => {
    if (message.type !== type) send(from, to, message);
  };
};
