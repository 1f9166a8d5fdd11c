/** The environment of the asking shell. Its values are secrets: they are sent to the supervisor and never printed. */
export function shellEnvironment(): Readonly<Record<string, string>> {
  const set = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(set);
}
