/**
 * Byzantine-fault-tolerant consensus as one pure function, and the replica that drives it.
 *
 * @packageDocumentation
 */

// Ports
export type {
  Application,
  ApplicationHead,
  ApplicationVerdict,
  Clock,
  PeerName,
  ProposeRequest,
  SigningLog,
  Transport,
  TransportHandlers,
  VerifyRequest,
} from "./ports.ts";
