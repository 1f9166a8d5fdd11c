import { Composer, type CST, type Document, Lexer, LineCounter, Parser, type YAMLError } from 'yaml';

/** A mistake at a stretch of the text, before it has a line and a column. */
export type Problem = {
  readonly code: 'syntax' | 'duplicate_key' | 'bad_alias' | 'too_deep' | 'bad_value' | 'bad_name';
  readonly message: string;
  readonly range: readonly [number, number];
  readonly hint?: string;
  readonly also?: { readonly range: readonly [number, number]; readonly message: string };
};

/** Deeper files are not written by people, and the composer would recurse until the stack is gone. */
export const DEEPEST = 64;

export type Composed = {
  readonly document: Document.Parsed | undefined;
  readonly lines: LineCounter;
  readonly problems: readonly Problem[];
};

/** Text -> YAML document of version 1.2, core schema with merge keys; what is wrong is told in colony's words. */
export function compose(text: string): Composed {
  const lines = new LineCounter();
  const tokens = tokensOf(text, lines);
  if (tokens.tooDeep !== undefined) return { document: undefined, lines, problems: [tooDeep(tokens.tooDeep)] };
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: true,
    stringKeys: true,
    resolveKnownTags: false,
    // Keys are compared in tree.ts, which is faster for large mappings and knows both places.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [document, second] = composer.compose(tokens.tokens, true, text.length);
  const problems = [...(document?.errors ?? []), ...(document?.warnings ?? [])].map((error) => problemOf(error, text));
  if (second) problems.push(severalDocuments(second.range));
  return { document: document as Document.Parsed | undefined, lines, problems };
}

/** The composer recurses, and V8 ends the whole process if the stack runs out at a bad moment: so depth is checked first. */
function tokensOf(text: string, lines: LineCounter): { tokens: CST.Token[]; tooDeep?: number } {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > DEEPEST) return { tokens, tooDeep: parser.offset };
  }
  tokens.push(...parser.end());
  return { tokens };
}

const tooDeep = (offset: number): Problem => ({
  code: 'too_deep',
  message: `the file is nested more than ${DEEPEST} levels deep here`,
  range: [Math.max(0, offset - 1), offset],
});

const severalDocuments = (range: readonly [number, number, number]): Problem => ({
  code: 'syntax',
  message: 'a second YAML document begins here; a colony is one document',
  range: [range[0], range[0] + 1],
  hint: 'remove the `---` line, or use `include:` for a second file',
});

function problemOf(error: YAMLError, text: string): Problem {
  const [start] = error.pos;
  if (error.code === 'UNEXPECTED_TOKEN' && text.startsWith('${', start - 1))
    return { code: 'syntax', range: [start - 1, start + 1], ...BARE_VARIABLE };
  const words = WORDS[error.code] ?? { message: 'this is not YAML' };
  return {
    code: 'syntax',
    range: error.pos,
    ...words,
    ...(error.code === 'MISSING_CHAR' ? missing(error.message) : {}),
  };
}

type Words = { readonly message: string; readonly hint?: string };

const BARE_VARIABLE: Words = {
  message: 'inside `[…]` and `{…}` a variable cannot stand without quotes',
  hint: 'write `"${NAME}"`, or begin a new line for the field',
};

/** The parser's own messages may quote the text, which may be secret; these do not. */
const WORDS: Readonly<Partial<Record<YAMLError['code'], Words>>> = {
  BAD_INDENT: {
    message: 'the indentation does not fit, or a bracket is not closed',
    hint: 'indent what belongs together by the same number of spaces; close each `[` and `{`',
  },
  TAB_AS_INDENT: { message: 'a tab cannot indent in YAML', hint: 'use spaces' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second `key:` cannot begin in the middle of a value',
    hint: 'put the value in quotes if it holds `: `, or begin a new line for a mapping or list',
  },
  BLOCK_IN_FLOW: { message: 'inside `[…]` and `{…}` only `[…]` and `{…}` can be nested' },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key must be followed by `:` on its own line',
    hint: 'a `:` may be missing, or this line belongs to another indentation',
  },
  KEY_OVER_1024_CHARS: { message: 'a key may have at most 1024 characters', hint: 'a `:` may be missing before' },
  BAD_SCALAR_START: {
    message: 'a value without quotes cannot begin with this character',
    hint: 'put the value in quotes',
  },
  BAD_DQ_ESCAPE: {
    message: 'no such escape sequence in double quotes',
    hint: 'write `\\\\` for a backslash, or use single quotes',
  },
  BAD_ALIAS: { message: 'this is not the name of an anchor' },
  BAD_DIRECTIVE: { message: 'no such directive', hint: 'a line that begins with `%` needs quotes' },
  NON_STRING_KEY: { message: 'a key must be a plain text' },
  MULTIPLE_ANCHORS: { message: 'a value can have one anchor only' },
  MULTIPLE_TAGS: { message: 'a value can have one tag only' },
  BAD_PROP_ORDER: { message: 'an anchor or a tag belongs after the `-`, `?` or `:`' },
  ALIAS_PROPS: { message: 'an alias cannot have an anchor or a tag of its own' },
  TAG_RESOLVE_FAILED: {
    message: 'tags are not supported',
    hint: 'remove the word that begins with `!`, or put the value in quotes',
  },
  BAD_COLLECTION_TYPE: { message: 'tags are not supported' },
  UNEXPECTED_TOKEN: { message: 'this does not belong here', hint: 'check the indentation and the line before' },
  MISSING_CHAR: { message: 'something is missing here' },
};

function missing(original: string): Words {
  if (original.startsWith('Missing closing')) return { message: 'a closing quote is missing' };
  if (original.includes('space after :')) return { message: 'a space is missing after `:`' };
  if (original.startsWith('Missing ,')) return { message: 'a `,` or a `:` is missing' };
  if (original.startsWith('Implicit map keys')) return { message: 'a `:` and a value are missing after this key' };
  if (original.startsWith('Comments')) return { message: 'a space is missing before `#`' };
  if (original.startsWith('Sequence item')) return { message: 'a `-` is missing before this item' };
  return { message: 'something is missing here: a space, a `,`, a `:` or a bracket' };
}
