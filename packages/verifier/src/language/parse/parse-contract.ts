import type {
  Contract,
  ContractMember,
  EnumDeclaration,
  RecordDeclaration,
} from "../syntax/contract.ts";
import { stop } from "../syntax/diagnostic.ts";
import { LANGUAGE_LIMITS } from "../syntax/limits.ts";
import type { Name } from "../syntax/syntax.ts";
import { parseContractExpression } from "./contract-expression.ts";
import { parseContractIntent } from "./contract-intent.ts";
import { parseExit, parseInvariant, parseUncovered } from "./contract-rules.ts";
import { parseState } from "./contract-state.ts";
import { parseIssuer } from "./parse-asset.ts";
import { endStatement } from "./parse-intent.ts";
import type { TokenStream } from "./token-stream.ts";

/** Words that a contract cannot use as names, in addition to the reserved words of all sources. */
const reservedInContracts: ReadonlySet<string> = new Set("vault now none signed sum".split(" "));

/** Reads a contract from the word `contract` on. */
export function parseContract(stream: TokenStream): Contract {
  const start = stream.next().span;
  return stream.reserving(reservedInContracts, () => {
    const name = stream.name("the name of the contract");
    stream.expect("{", "to open the contract");
    const members: ContractMember[] = [];
    while (stream.accept("}") === undefined) {
      stream.resetNodes();
      members.push(parseMember(stream));
      if (members.length > LANGUAGE_LIMITS.members) {
        const message = `a contract has at most ${LANGUAGE_LIMITS.members} members`;
        stop("limit", name.span, message);
      }
    }
    return { type: "contract", name, members, span: stream.spanFrom(start) };
  });
}

function parseMember(stream: TokenStream): ContractMember {
  const { text, type, span } = stream.peek();
  switch (type === "word" ? text : "") {
    case "const":
      return parseConstant(stream);
    case "asset":
      return parseAsset(stream);
    case "record":
      return parseRecordDeclaration(stream);
    case "enum":
      return parseEnum(stream);
    case "state":
      return parseState(stream);
    case "invariant":
      return parseInvariant(stream, "invariant");
    case "transition":
      return parseInvariant(stream, "transition");
    case "exit":
      return parseExit(stream);
    case "uncovered":
      return parseUncovered(stream);
    case "intent":
      return parseContractIntent(stream);
    case "issue":
    case "burn":
      return stop(
        "unsupported",
        span,
        `\`${text}\` does not stand in a contract: an intent stores \`supply[ASSET]\` of an asset whose issuer is \`self\``,
      );
    case "atomic_batch":
      return stop(
        "unsupported",
        span,
        "a contract has no batches: a transaction carries several calls",
      );
    default:
      return stream.fail(
        "expected `state`, `record`, `enum`, `const`, `asset`, `invariant`, `transition`, `exit`, `uncovered`, `intent` or `}`",
      );
  }
}

function parseConstant(stream: TokenStream): ContractMember {
  const start = stream.next().span;
  const name = stream.name("the name of a constant");
  stream.expect("=", "after the name of the constant");
  const value = parseContractExpression(stream);
  endStatement(stream, "after the constant");
  return { type: "constant", name, value, span: stream.spanFrom(start) };
}

function parseAsset(stream: TokenStream): ContractMember {
  const start = stream.next().span;
  const name = stream.name("the name of an asset");
  stream.expect("issuer", `and who issues \`${name.text}\`: \`self\`, or an account in quotes`);
  const issuer = stream.accept("self") === undefined ? parseIssuer(stream) : undefined;
  endStatement(stream, "after the asset");
  return { type: "asset", name, issuer, span: stream.spanFrom(start) };
}

function parseRecordDeclaration(stream: TokenStream): RecordDeclaration {
  const start = stream.next().span;
  const name = stream.name("the name of a record");
  stream.expect("{", "to open the record");
  const fields: { name: Name; typeName: Name }[] = [];
  while (stream.accept("}") === undefined) {
    const field = stream.name("the name of a field");
    stream.expect(":", `and the type of \`${field.text}\``);
    fields.push({ name: field, typeName: stream.name("a type") });
    stream.expect(";", "after the field");
  }
  return { type: "record", name, fields, span: stream.spanFrom(start) };
}

function parseEnum(stream: TokenStream): EnumDeclaration {
  const start = stream.next().span;
  const name = stream.name("the name of an enumeration");
  stream.expect("{", "to open the enumeration");
  const words: Name[] = [];
  while (!stream.is("}")) {
    words.push(stream.name("a word of the enumeration"));
    if (stream.accept(",") === undefined) break;
  }
  stream.expect("}", "after the words");
  return { type: "enum", name, words, span: stream.spanFrom(start) };
}
