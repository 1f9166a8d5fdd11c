import { formatBytes } from '../../reconciler/amount.ts';
import type { Bytes } from '../../reconciler/types.ts';
import type { ColonyFacts, Finding } from '../types.ts';

/** Below this a busy colony may fill the disk within a day: logs and journal come to less than 100 MiB each. */
const SCARCE: Bytes = 256 * 1024 * 1024;

/** Below this the next files may not be written at all. */
const NONE: Bytes = 4 * 1024 * 1024;

/** So many names stand in a sentence. */
const NAMED = 8;

/** Undefined: the name is this colony's own, or nobody's. */
export function nameTaken({ other, name }: ColonyFacts): Finding | undefined {
  if (!other) return undefined;
  const { path, there } = other;
  const mend = there
    ? `give one of the two another \`name:\`, or end that one with \`colony down -f ${path}\``
    : `if its folder was moved here, \`colony down --supervisor-only -f ${path}\` and then \`colony apply\`, which takes its agents over; if not, \`colony down -f ${path}\``;
  const text = `A colony named "${name}" is up already, from ${path}${there ? '' : ', which is not there any more'}`;
  return { id: 'name', level: 'error', text, mend };
}

function noneLost({ lost }: ColonyFacts): Finding {
  const id = 'lost_colonies';
  const [first] = lost;
  if (first === undefined) return { id, level: 'ok', text: 'Every colony that is up has its file' };
  const text = `${lost.length === 1 ? 'A colony is' : 'Colonies are'} up whose file was moved or deleted, and everything in it runs on: ${some(lost)}`;
  return { id, level: 'warning', text, mend: `put it back, or \`colony down -f ${first}\`` };
}

function fileValid({ mistakes, path }: ColonyFacts): Finding {
  const id = 'config';
  if (mistakes === undefined) return { id, level: 'ok', text: 'colony.yaml is valid' };
  const [first = ''] = mistakes.split('\n');
  if (first.includes('[file_missing]') && first.startsWith(`${path}:`)) {
    const text = `There is no ${path} any more, so that what was last in force stays so`;
    return { id, level: 'error', text, mend: `put it back, or end the colony with \`colony down -f ${path}\`` };
  }
  const text = `The file is not valid, so that what was last in force stays so: ${first}`;
  return { id, level: 'error', text, mend: `\`colony validate -f ${path}\` shows every mistake in its place` };
}

function supervisorThere({ supervisor, up, version, name }: ColonyFacts): Finding {
  const id = 'supervisor';
  if (supervisor.is === 'absent') {
    if (!up)
      return { id, level: 'note', text: 'The colony is down: no supervisor runs', mend: '`colony apply` starts it' };
    const text = 'No supervisor runs although the colony is up: nothing that ends is started again';
    return { id, level: 'error', text, mend: '`colony apply` starts one, and touches no agent that runs' };
  }
  if (supervisor.is === 'silent') {
    const text = `The supervisor of ${name} does not answer`;
    return {
      id,
      level: 'error',
      text,
      mend: '`colony status` says which process it is; end that one, and run `colony apply`',
    };
  }
  if (supervisor.is === 'strange') {
    const text = `The supervisor of ${name} answers in a form that is not understood: ${supervisor.why}`;
    return { id, level: 'error', text, mend: 'run `colony apply`, which replaces one of an older release' };
  }
  if (supervisor.version !== version) {
    const text = `The supervisor is version ${supervisor.version}, and this program is ${version}`;
    return { id, level: 'warning', text, mend: '`colony apply` of the newer one replaces it, and touches no agent' };
  }
  return { id, level: 'ok', text: `The supervisor runs (pid ${supervisor.pid})` };
}

function sameEnvironment({ drift }: ColonyFacts): Finding {
  const id = 'environment';
  if (!drift) return { id, level: 'ok', text: 'No environment was captured for agents yet' };
  const { changed, captured, here } = drift;
  const parts = [
    changed.length > 0 ? `another value of ${some(changed)}` : '',
    captured.length > 0 ? `${some(captured)} (not set in this shell)` : '',
    here.length > 0 ? `without ${some(here)}` : '',
  ].filter((part) => part !== '');
  if (parts.length === 0) return { id, level: 'ok', text: "The agents' environment is that of this shell" };
  return {
    id,
    level: changed.includes('PATH') ? 'warning' : 'note',
    text: `The agents have an environment that was captured from another shell: ${parts.join('; ')}`,
    mend: 'where that is not meant: `colony apply --refresh-env` takes over that of this shell',
  };
}

function freeDisk({ free, dir }: ColonyFacts): Finding {
  const id = 'disk';
  if (free === undefined || free >= SCARCE) return { id, level: 'ok', text: 'There is room on the disk' };
  const text = `Only ${formatBytes(free)} are free where the state of the colony is (${dir})`;
  return { id, level: free < NONE ? 'error' : 'warning', text, mend: `make room there: \`df -h ${dir}\`` };
}

function stateKept({ unwritable, dir }: ColonyFacts): Finding {
  const id = 'state';
  if (unwritable === undefined) return { id, level: 'ok', text: 'The state of the colony can be written' };
  const text = `Nothing can be written where the state of the colony is, or would be (${dir}): ${unwritable}`;
  const mend =
    'make it writable for this user, be the user whose colony it is, or name another folder with COLONY_HOME';
  return { id, level: 'error', text, mend };
}

function onlyMine({ loose, dir }: ColonyFacts): Finding {
  const id = 'permissions';
  if (loose.length === 0) return { id, level: 'ok', text: 'Nobody else can read the state of the colony' };
  const text = `Other users may look into the state of the colony, and secrets are in it: ${some(loose)}`;
  return { id, level: 'warning', text, mend: `\`chmod -R go= ${dir}\`` };
}

function nothingStale({ stale }: ColonyFacts): Finding {
  const id = 'stale_files';
  if (stale.length === 0) return { id, level: 'ok', text: 'Nothing was left behind' };
  const one = stale.length === 1;
  const text = `${one ? 'A file was' : `${stale.length} files were`} left behind by what is gone: ${some(stale)}`;
  return { id, level: 'note', text, mend: `\`rm ${stale.slice(0, NAMED).join(' ')}\`` };
}

function journalSound({ damage, supervisor }: ColonyFacts): Finding {
  const id = 'journal';
  if (damage === undefined) return { id, level: 'ok', text: 'The journal can be read' };
  const mend =
    supervisor.is === 'absent'
      ? '`colony apply`: the supervisor mends it when it starts, and keeps the damaged one aside'
      : '`colony down --supervisor-only` and then `colony apply`: a supervisor mends it when it starts, and no agent notices';
  return { id, level: 'warning', text: `The journal is damaged: ${damage}`, mend };
}

function socketNear({ socketMoved, dir }: ColonyFacts): Finding {
  const id = 'socket_path';
  if (!socketMoved) return { id, level: 'ok', text: 'The path of the control socket is short enough' };
  const text = `The path of the control socket in ${dir} would be too long for the kernel, so that it is in a folder of yours in /tmp`;
  return { id, level: 'note', text, mend: 'to have it in its place: a shorter COLONY_HOME, after a `colony down`' };
}

function some(names: readonly string[]): string {
  const more = names.length - NAMED;
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ');
}

export const COLONY_CHECKS = [
  ...[fileValid, supervisorThere, sameEnvironment, stateKept, freeDisk, onlyMine, nothingStale, journalSound],
  ...[socketNear, noneLost],
] as const;
