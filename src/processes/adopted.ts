/** Agent names are words of letters, digits and dashes, so no other run id holds this. */
const MARK = '~';

/** The id of a life that colony has not started: none of its processes carries it in its environment. */
export function adoptedRunId(agent: string, random: string): string {
  return `${agent}${MARK}${random}`;
}

/** Whether the processes of a run can be told by the tree alone, because they were started without its id. */
export function isAdopted(run: string): boolean {
  return run.includes(MARK);
}
