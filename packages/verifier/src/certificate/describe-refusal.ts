/**
 * Returns the reason why the kernel refused. If it names a step of the certificate, the text also
 * says what can cause this.
 */
export function describeRefusal(refused: {
  readonly reason: string;
  readonly step?: number;
}): string {
  const { reason, step } = refused;
  if (step === undefined) return reason;
  return `step ${step}: ${reason} (the bytes are damaged, or of another source)`;
}
