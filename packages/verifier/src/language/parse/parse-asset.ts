import { accountPattern } from "../syntax/assets.ts";
import { stop } from "../syntax/diagnostic.ts";
import type { Name } from "../syntax/syntax.ts";
import { describeToken, type TokenStream } from "./token-stream.ts";

/** Reads the account that issues an asset: 64 hexadecimal digits in quotes. */
export function parseIssuer(stream: TokenStream): Name {
  const token = stream.peek();
  if (token.type !== "string") {
    const hint = 'expected the account of the issuer in quotes, as in `issuer "3b6a..."`';
    stop("syntax", token.span, `${hint}, found ${describeToken(token)}`);
  }
  if (!accountPattern.test(token.text)) {
    const message = "an account is written as 64 hexadecimal digits, lower case";
    stop("syntax", token.span, message);
  }
  stream.next();
  return { text: token.text, span: token.span };
}
