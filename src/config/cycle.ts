/** Names that wait for each other, in the order in which they do; the first is not repeated at the end. */
export type Circle = readonly [string, ...string[]];

/**
 * Every agent that waits for itself, at least once: each circle begins where it was entered, and a circle inside of a
 * known one may not be named again.
 */
export function findCircles(graph: ReadonlyMap<string, readonly string[]>): readonly Circle[] {
  const circles: Circle[] = [];
  const done = new Set<string>();
  for (const start of graph.keys()) walk(start, graph, done, circles);
  return circles;
}

/** Depth first, with a stack of its own: a chain of a thousand agents must not end the program's. */
function walk(
  start: string,
  graph: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
  circles: Circle[],
): void {
  const way: { readonly name: string; readonly left: string[] }[] = [];
  const enter = (name: string) => way.push({ name, left: [...(graph.get(name) ?? [])].reverse() });
  if (!done.has(start)) enter(start);
  for (let top = way.at(-1); top; top = way.at(-1)) {
    const next = top.left.pop();
    if (next === undefined) {
      done.add(top.name);
      way.pop();
      continue;
    }
    const from = way.findIndex(({ name }) => name === next);
    if (from !== -1) circles.push(circleOf(way.slice(from).map(({ name }) => name)));
    else if (!done.has(next)) enter(next);
  }
}

function circleOf(names: readonly string[]): Circle {
  const [first = '', ...rest] = names;
  return [first, ...rest];
}
