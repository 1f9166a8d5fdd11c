import { EXTENSION_LIMIT, statusText, type Written } from '../../child/report.ts';

/** A report from the text of its file; undefined: it is none. What it says is bounded here once more. */
export function parseReport(text: string): Written | undefined {
  const said = json(text);
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
    default:
      return undefined;
  }
}

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
