import type { ConversationId, Telemetry, UsageLimit } from '../../reconciler/types.ts';
import type { At } from '../hook.ts';
import { asFields, idIn, lineIn, numberIn, readObject, secondsIn } from '../json.ts';

/** What Claude Code tells for its status line: no more of it than is needed. */
export type Line = {
  readonly session: ConversationId | undefined;
  readonly model: string | undefined;
  /** How full the context is; undefined: it says nothing of that, as before the first answer. */
  readonly context: number | undefined;
  readonly cost: number | undefined;
  readonly limits: readonly UsageLimit[];
};

const MODEL_LIMIT = 60;

/** More limits than any account has. */
const MOST_LIMITS = 8;

/** A message for a status line; undefined: it is none. Of one that was cut off counts what stands there. Never throws. */
export function readLine(message: string): Line | undefined {
  const said = readObject(message);
  if (!said) return undefined;
  const model = asFields(said.model);
  return {
    session: idIn(said.session_id),
    model: lineIn(model?.display_name ?? model?.id, MODEL_LIMIT),
    context: share(asFields(said.context_window)?.used_percentage),
    cost: numberIn(asFields(said.cost)?.total_cost_usd),
    limits: limitsIn(said.rate_limits),
  };
}

function limitsIn(value: unknown): readonly UsageLimit[] {
  const entries = Object.entries(asFields(value) ?? {}).slice(0, MOST_LIMITS);
  return entries.flatMap(([key, limit]): UsageLimit[] => {
    const used = share(asFields(limit)?.used_percentage);
    const name = lineIn(key, 40);
    return used === undefined || name === undefined
      ? []
      : [{ name, used, resets: secondsIn(asFields(limit)?.resets_at) }];
  });
}

/** Some programs tell a little more than all, of a limit that was passed. */
function share(percent: unknown): number | undefined {
  const number = numberIn(percent);
  return number === undefined ? undefined : Math.min(number, 1_000) / 100;
}

/**
 * What is known of a conversation from the last message for its status line, and from the last one that told how full
 * its context was.
 *
 * In between the same conversation has only not told it. Of another one, after `/clear`, the former value says nothing.
 */
export function telemetryOf(line: At<Line>, full: At<Line> | undefined): Telemetry {
  const { at, model, cost, limits } = line;
  const known = line.context === undefined && full && full.session === line.session ? full : line;
  const { context } = known;
  return { at, model, context, contextAt: context === undefined ? undefined : known.at, cost, limits };
}

/** A status line for who has none of his own: the agent, and what is known of its conversation. */
export function drawLine(agent: string | undefined, { model, context, cost, limits }: Line): string {
  const parts = [
    agent,
    model,
    context === undefined ? undefined : `context ${percent(context)}`,
    cost === undefined ? undefined : `$${cost.toFixed(2)}`,
    ...limits.map(({ name, used }) => `${SHORT[name] ?? name} ${percent(used)}`),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

const SHORT: Readonly<Record<string, string>> = { five_hour: '5h limit', seven_day: 'week', spend_limit: 'spending' };

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Files of settings that may name a status line, the one that counts first; below the folder of the project and below
 * that of the user. */
export const LINE_PLACES = {
  project: ['.claude/settings.local.json', '.claude/settings.json'],
  user: ['settings.json'],
} as const;

/** The folder of the project that a message comes from; undefined: it does not say. */
export function projectIn(message: string): string | undefined {
  const { project_dir: project } = asFields(readObject(message)?.workspace) ?? {};
  return typeof project === 'string' && project.startsWith('/') ? project : undefined;
}

/** The status line in the text of a file of settings; undefined: it asks for none. */
export function lineAskedFor(settings: string): Readonly<Record<string, unknown>> | undefined {
  const line = asFields(readObject(settings)?.statusLine);
  return line?.type === 'command' && typeof line.command === 'string' ? line : undefined;
}
