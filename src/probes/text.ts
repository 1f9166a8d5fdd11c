/** What fits into one line of `status`. */
const WIDTH = 120;

/** A text that came from elsewhere as the part of one line: printable, and cut where it is too long. */
export function inOneLine(text: string, width = WIDTH): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, width + 1);
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** The last line that says anything; what a program says last is why it gave up. */
export function lastLine(text: string): string {
  return inOneLine(text.trimEnd().split('\n').at(-1) ?? '');
}

/** A pattern as people write it down. */
export function quoted(pattern: string): string {
  return `/${inOneLine(pattern, 60)}/`;
}

/** An address without what may be secret in it: name and password, query, fragment. */
export function publicAddress(url: URL): string {
  return inOneLine(`${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`);
}
