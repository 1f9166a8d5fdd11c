import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { render } from '../config/diagnostic.ts';
import { withAgent } from '../config/insert.ts';
import { loadConfig, type Rejected } from '../config/load.ts';
import { diskReader } from '../config/read.ts';
import { homeFolder } from '../control/home.ts';
import { EXIT } from '../control/protocol.ts';
import type { AgentName, Desired, Result } from '../reconciler/types.ts';
import { shellEnvironment } from './environment.ts';
import type { Failure } from './failure.ts';
import { remarksInColour } from './terminal.ts';

/**
 * Write the stanza of a new agent into colony.yaml. What comes out is checked first: it must be valid, have the agent, and
 * say the same of all others. The file is replaced as a whole, and is as it was if anything is wrong. The answer is what
 * the file says now.
 */
export function writeAgent(path: string, agent: AgentName, stanza: string): Result<Desired, Failure> {
  const before = checked(path, undefined);
  if (!before.ok) return before;
  if (before.value.agents.has(agent))
    return fails(`${path} has an agent "${agent}" already`, '`colony apply` puts it in force');
  const text = readFileSync(path, 'utf8');
  const put = withAgent(text, stanza);
  if (!put.ok) return fails(`${path} ${put.error}, so the lines are yours to put in`);
  const after = checked(path, put.value);
  if (!after.ok) return after;
  const others = [...after.value.agents].filter(([name]) => name !== agent);
  if (!after.value.agents.has(agent) || JSON.stringify(others) !== JSON.stringify([...before.value.agents]))
    return fails(`${path} would say something else of the other agents, so nothing was written`);
  const replaced = replace(realpathSync(path), put.value);
  return replaced.ok ? after : replaced;
}

/** What the file says, with all of its profiles; `text` instead of what is in it. */
function checked(path: string, text: string | undefined): Result<Desired, Failure> {
  const reader: typeof diskReader = {
    ...diskReader,
    read: (file, limit) =>
      file === path && text !== undefined ? { ok: true, value: Buffer.from(text) } : diskReader.read(file, limit),
  };
  const request = { path, environment: shellEnvironment(), home: homeFolder(), generation: 0 };
  const plain = loadConfig({ ...request, profiles: [] }, reader);
  if (!plain.ok) return { ok: false, error: mistakes(plain.error) };
  const whole = loadConfig({ ...request, profiles: plain.value.profiles }, reader);
  return whole.ok ? { ok: true, value: whole.value.desired } : { ok: false, error: mistakes(whole.error) };
}

function mistakes({ diagnostics, sources }: Rejected): Failure {
  const text = render(diagnostics, sources, { colour: remarksInColour() });
  return { exit: EXIT.invalidConfig, text, finished: true };
}

/** A link stays one, and the rights stay as they are. */
function replace(path: string, text: string): Result<void, Failure> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600, flush: true });
    chmodSync(temporary, statSync(path).mode & 0o777);
    renameSync(temporary, path);
    return { ok: true, value: undefined };
  } catch (error) {
    rmSync(temporary, { force: true });
    return fails(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function fails(text: string, hint?: string): Result<never, Failure> {
  return { ok: false, error: { exit: EXIT.failed, text, ...(hint === undefined ? {} : { hint }) } };
}
