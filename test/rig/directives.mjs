// What a prompt of a test asks a model to do. The fake programs obey it themselves, and the stub API of the real suite obeys
// it on behalf of the model: so one text means the same to both.
//
//   SLOW n             speaks for n seconds, a word each half second
//   THINK n            is busy for n seconds before it says a word
//   BASH cmd           wants to run a command; in Codex `BASH !cmd` wants to leave the sandbox with it, which needs approval
//   BGBASH cmd         runs a command in the background (Claude Code)
//   WRITE path text    wants to write a file (Claude Code)
//   AGENT prompt       gives the prompt to a sub-agent in the background (Claude Code)
//   ASKUSER            asks which colour (Claude Code)
//   CONTEXT n          the conversation now fills n per cent of the context
//   ERR status [n]     the API answers with this status, the first n times (default: always)
//   RATELIMIT [n] secs the usage limit is reached and reset in so many seconds, the first n times (default: once)
//   LIMITED            the usage limit is reached, and nobody says until when
//   HANG               the API never answers; HANGMID: it stops in the middle of an answer; DROP: it breaks off, once
//
// Anything else is echoed.
const PATTERN =
  /\b(SLOW|THINK|BGBASH|BASH|WRITE|AGENT|ASKUSER|CONTEXT|ERR|RATELIMIT|LIMITED|HANGMID|HANG|DROP)\b ?([^\n]*)/;

/** The first directive in a text: its name, the rest of its line, and the numbers that the rest begins with. */
export function directiveOf(text) {
  const found = PATTERN.exec(text);
  if (!found) return { op: 'ECHO', rest: text, numbers: [] };
  const rest = found[2].trim();
  const words = rest.split(/\s+/);
  const end = words.findIndex((word) => !/^\d+(\.\d+)?$/.test(word));
  return { op: found[1], rest, numbers: words.slice(0, end < 0 ? words.length : end).map(Number) };
}

/** What a limit directive says: how often it strikes, and after how many seconds it is reset. */
export function limitOf({ numbers }) {
  const [times, seconds] = numbers.length > 1 ? numbers : [1, numbers[0] ?? 3600];
  return { times, seconds };
}

/** The words of an answer, and the milliseconds between them. */
export function answerTo({ op, rest, numbers }) {
  if (op === 'ECHO') return { gap: 20, words: [`stub: you said ${rest.slice(0, 300)}`] };
  if (op !== 'SLOW') return { gap: 20, words: [`stub: ${op} done`] };
  const count = Math.max(1, Math.round((numbers[0] ?? 1) * 2));
  return { gap: 500, words: Array.from({ length: count }, (_, index) => `word${index} `) };
}
