/** The script's own names in something that Z3 printed. */
export function readOwned(text: string): string {
  return text;
}
