import { existsSync, readFileSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import type { MachineFacts } from '../types.ts';
import { output } from './run.ts';

type Variables = Readonly<Record<string, string>>;

/** Read what the checks of the machine need. `environment`: that in which the supervisor finds its tmux. */
export async function gatherMachine(environment: Variables, shell: Variables): Promise<MachineFacts> {
  return {
    platform: process.platform,
    tmux: await output('tmux', ['-V'], environment),
    tmuxHere: environment.PATH === shell.PATH ? undefined : await output('tmux', ['-V'], shell),
    node: process.version,
    openFiles: openFiles(),
    watch: watchRefused(),
    cleaners: cleaners(),
  };
}

/** Node.js raises what it may have to the hard limit, and so do the programs that it starts. */
function openFiles(): number | undefined {
  const [, hard] = /^Max open files\s+\S+\s+(\d+)/m.exec(textOf('/proc/self/limits')) ?? [];
  return hard === undefined ? undefined : Number(hard);
}

/** Nobody tells how many are left, so one is tried. */
function watchRefused(): string | undefined {
  try {
    watch(tmpdir(), { persistent: false }).close();
    return undefined;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return code === 'ENOSPC' || code === 'EMFILE' ? code : undefined;
  }
}

/** The one of systemd spares sockets that somebody listens on. */
const CLEANERS: readonly (readonly [path: string, name: string])[] = [
  ['/etc/cron.daily/tmpreaper', 'tmpreaper'],
  ['/etc/cron.daily/tmpwatch', 'tmpwatch'],
  ['/etc/periodic/daily/110.clean-tmps', 'the daily clean-up of macOS'],
];

function cleaners(): readonly string[] {
  return CLEANERS.filter(([path]) => existsSync(path)).map(([, name]) => name);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
