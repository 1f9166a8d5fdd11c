import { CLAUDE_EVENTS } from '../../agents/claude/hooks.ts';
import { type Line, readLine } from '../../agents/claude/statusline.ts';
import { type Hook, readHook } from '../../agents/hook.ts';
import { type Author, EXTENSION_LIMIT, type Report, statusText } from '../../child/report.ts';

/** What a program has said of itself, made sense of. */
export type Heard =
  | Report
  | { readonly kind: 'hook'; readonly hook: Hook }
  | { readonly kind: 'statusline'; readonly line: Line };

/** A report from the text of its file; undefined: it is none. What it says is bounded here once more. */
export function parseReport(text: string): (Heard & Author) | undefined {
  const [head, message] = parts(text);
  const said = json(head);
  if (typeof said !== 'object' || said === null) return undefined;
  const { v, run, agent, kind, ...rest } = said as Readonly<Record<string, unknown>>;
  if (v !== 1 || typeof run !== 'string' || typeof agent !== 'string') return undefined;
  const by = { v, run, agent } as const;
  switch (kind) {
    case 'ready':
    case 'heartbeat':
      return { ...by, kind };
    case 'status':
      return typeof rest.text === 'string' ? { ...by, kind, text: statusText(rest.text) } : undefined;
    case 'extend':
      return isSpan(rest.ms) ? { ...by, kind, ms: Math.min(rest.ms, EXTENSION_LIMIT) } : undefined;
    case 'state':
      return isState(rest.state) ? { ...by, kind, state: rest.state } : undefined;
    case 'hook':
    case 'statusline': {
      const heard = messageOf(kind, rest.event, message);
      return heard && { ...by, ...heard };
    }
    default:
      return undefined;
  }
}

/** The first line, and all below it. */
function parts(text: string): readonly [string, string] {
  const end = text.indexOf('\n');
  return end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
}

function messageOf(kind: 'hook' | 'statusline', event: unknown, message: string): Heard | undefined {
  if (kind === 'statusline') {
    const line = readLine(message);
    return line && { kind, line };
  }
  const hook = typeof event === 'string' && EVENTS.has(event) ? readHook(event, message) : undefined;
  return hook && { kind, hook };
}

/** What any agent is asked to tell; of anything else nothing would be made. */
const EVENTS: ReadonlySet<string> = new Set(CLAUDE_EVENTS);

function isSpan(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}

function isState(value: unknown): value is 'busy' | 'idle' | 'waiting' {
  return value === 'busy' || value === 'idle' || value === 'waiting';
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
