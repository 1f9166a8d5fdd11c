import { describe, expect, it } from 'vitest';
import { whyText } from '../../../src/cli/render/why.ts';
import { widthOf } from '../../../src/cli/render/width.ts';
import { wrap } from '../../../src/cli/render/wrap.ts';
import type { WhyReport } from '../../../src/control/protocol.ts';
import { agent, failing, NOW } from '../reports.ts';

const ID = '0b4cb2f4-4f38-4d4b-a1f5-2c8d5f3e9b01';
const ago = (span: number) => new Date(NOW - span).toISOString();

const claude: WhyReport = {
  version: 1,
  colony: 'shop',
  agent: agent('backend', {
    kind: 'claude',
    generation: 3,
    reason: { code: 'user_requested', text: 'asked for by a person' },
    activity: { state: 'waiting', for: 'permission', source: 'record', age_ms: 800 },
    context_percent: 87,
    conversation: ID,
    telemetry: {
      age_ms: 65_000,
      model: 'Opus 5.5',
      cost_usd: 1.234,
      limits: [{ name: 'five_hour', used_percent: 42, resets: null }],
    },
    alerts: [{ policy: 'waiting', level: 'notify', since: ago(60_000), text: 'has waited for a permission for 10m' }],
    said: 'reviewing',
  }),
  evidence: [
    {
      source: 'record',
      state: 'waiting',
      for: 'permission',
      age_ms: 800,
      text: 'status waiting, permission prompt',
      counts: true,
    },
    { source: 'hook', state: 'busy', age_ms: 4_200, text: 'PreToolUse: Bash', counts: false },
  ],
  conversation: { id: ID, since: ago(7_200_000), how: 'assigned' },
  earlier_conversations: ['older-1', 'older-2'],
  decisions: [
    {
      what: 'update',
      text: 'restart: changed in the file: command',
      outcome: 'waits until it is idle, at most 9m more',
    },
    { what: 'idle', text: 'it is not idle', outcome: 'nothing to do' },
  ],
  after_restart: `It goes on with the conversation ${ID}.`,
  events: [{ seq: 7, at: ago(90_000), text: 'started (pid 4711): asked for by a person' }],
};

/** Times of day depend on where one is. */
const told = (report: WhyReport, width = 80) =>
  whyText(report, { now: NOW, width }).replaceAll(/[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d/g, 'Mar 01 12:00:00');

describe('why', () => {
  it('tells all that is known', async () => {
    await expect(told(claude)).toMatchFileSnapshot('fixtures/why-claude.txt');
  });

  it('of a program that does not run', async () => {
    const report: WhyReport = {
      ...{ ...claude, agent: failing('web'), evidence: [], conversation: null, earlier_conversations: [], events: [] },
      decisions: [{ what: 'start', text: 'the program ended: exit code 3', outcome: 'waits for 1m30s more' }],
      after_restart: 'Colony knows no conversations of a program of the kind shell: it begins anew.',
    };
    await expect(told(report)).toMatchFileSnapshot('fixtures/why-failing.txt');
  });

  it.each([80, 60, 40])('fits into %i columns', (width) => {
    const lines = told(claude, width).split('\n');
    const tooLong = lines.filter((line) => widthOf(line) > width && line.trim().includes(' '));
    // An id is never cut: whoever copies it wants all of it.
    expect(tooLong.filter((line) => !line.includes(ID))).toEqual([]);
  });

  it('nothing can move the cursor', () => {
    const evil = { ...claude, agent: { ...claude.agent, said: 'a\u001b[2Jb' } };
    expect(told(evil)).not.toContain('\u001b');
  });
});

it.each<[string, number, readonly string[]]>([
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 80, ['one two three']],
  ['internationalisation is long', 5, ['internationalisation', 'is', 'long']],
  ['', 5, ['']],
  ['漢字 漢字', 6, ['漢字', '漢字']],
])('%j in %i columns', (text, width, lines) => expect(wrap(text, width)).toEqual(lines));
