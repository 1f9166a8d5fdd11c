import type { AgentFacts, ColonyFacts, LoginState, MachineFacts } from '../../src/doctor/types.ts';

/** A machine on which nothing is amiss. */
export const machine: MachineFacts = {
  platform: 'linux',
  tmux: 'tmux 3.6',
  tmuxHere: undefined,
  node: 'v22.1.0',
  openFiles: 65_536,
  watch: undefined,
  cleaners: [],
};

/** An agent that runs, in a conversation that is kept. */
export const agent: AgentFacts = {
  name: 'api',
  kind: 'claude',
  enabled: true,
  obstacle: undefined,
  program: { name: 'claude', path: '/usr/bin/claude', version: '2.1.0 (Claude Code)' },
  resumes: true,
  conversation: { id: 'abc', transcript: 'kept' },
  onReboot: 'last_state',
  ran: true,
  over: false,
  hold: undefined,
};

/** A colony that systemd starts at boot. */
export const login: LoginState = {
  colony: 'lab',
  manager: 'systemd',
  facts: {
    platform: 'linux',
    wsl: false,
    user: { name: 'me', uid: 1000, home: '/home/me' },
    systemd: {
      version: 252,
      answers: true,
      notifies: true,
      configHome: '/home/me/.config',
      lingering: true,
      unit: { enabled: true, active: true, stale: false, killMode: 'process', killDropIns: [] },
      others: [],
    },
    launchd: undefined,
    cron: undefined,
    files: new Map(),
    foreign: undefined,
  },
  verdict: { good: 'systemd starts its supervisor at boot, without any login', amiss: [] },
  config: '/work/colony.yaml',
  launcher: '#!/bin/sh\n',
  outdated: [],
  gone: [],
};

/** A colony with which nothing is amiss. */
export const colony: ColonyFacts = {
  name: 'lab',
  path: '/work/colony.yaml',
  dir: '/state/lab',
  version: '1.2.3',
  up: true,
  other: undefined,
  lost: [],
  unwritable: undefined,
  mistakes: undefined,
  supervisor: { is: 'there', pid: 42, version: '1.2.3' },
  login,
  drift: { changed: [], captured: [], here: [] },
  agents: [agent],
  free: 50 * 1024 ** 3,
  loose: [],
  stale: [],
  damage: undefined,
  socketMoved: false,
  tmuxSocket: '/state/lab/tmux.sock',
};
