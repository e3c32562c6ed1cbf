/**
 * Returns the kernel's reason. Where it names a step of the certificate, the text adds what can
 * cause that.
 */
export function describeRefusal(refused: {
  readonly reason: string;
  readonly step?: number;
}): string {
  const { reason, step } = refused;
  if (step === undefined) return reason;
  return `step ${step}: ${reason} (the bytes are damaged, or of another source)`;
}
