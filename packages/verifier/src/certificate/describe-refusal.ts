/**
 * The kernel's reason; where it is about a step of the certificate, with what may be behind it,
 * since the kernel cannot tell which.
 */
export function describeRefusal(refused: {
  readonly reason: string;
  readonly step?: number;
}): string {
  const { reason, step } = refused;
  if (step === undefined) return reason;
  return `step ${step}: ${reason} (the bytes are damaged, or of another source)`;
}
