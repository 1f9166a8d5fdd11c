/** A word for a POSIX shell, whatever it holds. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word of a command line in a unit file: quoted, and with nothing in it that systemd would replace. */
export function unitWord(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${unitText(escaped).replaceAll('$', '$$$$')}"`;
}

/** A value that takes up the rest of a line in a unit file. */
export function unitText(text: string): string {
  return text.replaceAll('%', '%%');
}

/** A text inside an element of XML. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A command in a crontab: there a percent sign ends the line. */
export function cronCommand(text: string): string {
  return text.replaceAll('%', '\\%');
}
