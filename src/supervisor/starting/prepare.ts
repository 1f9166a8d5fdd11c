import { randomUUID } from 'node:crypto';
import { argvOf, wordsOf } from '../../agents/command.ts';
import type { Launching } from '../../agents/define.ts';
import type { Place } from '../../agents/launcher.ts';
import { LAUNCHERS } from '../../agents/launching.ts';
import { homeFolder } from '../../control/home.ts';
import type { Action, AgentSpec, ConversationId } from '../../reconciler/types.ts';
import type { Colony } from '../colony.ts';
import { environmentOf } from '../environment.ts';
import { takeUp } from './conversation.ts';
import { conversationsIn, inject } from './inject.ts';

type Starting = Extract<Action, { do: 'spawn' | 'respawn' }>;

/** What a program is started with beside what the file says, now that it is known how it begins. */
export type Prepared = {
  readonly argv: readonly [string, ...string[]];
  readonly env: Launching['env'];
  /** The conversation that it begins with, if that is known before it has begun. */
  readonly conversation: ConversationId | undefined;
  /** What has to be typed once it is there. */
  readonly type: string | undefined;
};

/** Decide how a program takes up a conversation, write what it is given, and find its words. */
export async function prepare(colony: Colony, action: Starting): Promise<Prepared> {
  const { agent, spec } = action;
  if (spec.kind === 'shell') {
    return { argv: argvOf(spec.command, []), env: {}, conversation: undefined, type: spec.prompt };
  }
  const place = placeOf(colony, spec);
  const start = await takeUp(colony, action, place);
  const settings = await inject(colony, spec, place);
  const prompt = start.do === 'new' ? spec.prompt : undefined;
  const words = wordsOf(spec.command).map(({ text }) => text);
  const { folder } = place;
  const life = randomUUID();
  const launching = LAUNCHERS[spec.kind].launch({ agent, start, prompt, settings, words, folder, life });
  return {
    argv: argvOf(spec.command, launching.words),
    env: launching.env,
    conversation: start.id,
    type: launching.promptIsTyped ? prompt : undefined,
  };
}

/** Where the program itself will look, which sees its own variables and not the supervisor's. */
export function placeOf({ environment, paths }: Colony, spec: Pick<AgentSpec, 'env'>): Place {
  const env = environmentOf(environment, spec);
  return { env, home: env.HOME || homeFolder(), folder: conversationsIn(paths) };
}
