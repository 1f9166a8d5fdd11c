import { expect, test } from 'vitest';
import type { Ended } from '../../../src/command/run.ts';
import { secretsOf, whyFailed } from '../../../src/supervisor/hooks/why.ts';

const SECRETS = secretsOf(
  { HOME: '/home/u', API_KEY: 'from-the-shell' },
  { A: 'hunter22', B: 'hunter22-longer', C: 'abc' },
);

test.each<[string, Ended, string | undefined]>([
  ['well', { is: 'exited', code: 0, output: 'done' }, undefined],
  ['silent', { is: 'exited', code: 3, output: '' }, 'exit code 3'],
  ['last line', { is: 'exited', code: 1, output: 'one\ntwo \n\n  \n' }, 'exit code 1: two'],
  ['repainted', { is: 'exited', code: 1, output: 'a 1 %\rb 2 %\r' }, 'exit code 1: b 2 %'],
  ['colours', { is: 'exited', code: 1, output: '\u001b[31mred\u001b[0m\u0007 \u202eflag' }, 'exit code 1: red flag'],
  ['signal', { is: 'signaled', signal: 'SIGSEGV', output: '' }, 'ended by SIGSEGV'],
  ['time', { is: 'timed_out', output: 'still at it' }, 'it took longer than 1m30s: still at it'],
  ['missing', { is: 'not_started', why: 'there is no program x' }, 'there is no program x'],
  ['long', { is: 'exited', code: 1, output: 'x'.repeat(900) }, `exit code 1: ${'x'.repeat(186)}…`],
  ['secret', { is: 'exited', code: 1, output: 'no hunter22, abc' }, 'exit code 1: no ***, abc'],
  ['longer secret', { is: 'exited', code: 1, output: 'hunter22-longer' }, 'exit code 1: ***'],
  ['of the shell', { is: 'exited', code: 1, output: 'from-the-shell in /home/u' }, 'exit code 1: *** in /home/u'],
  ['in the name', { is: 'not_started', why: 'there is no program hunter22' }, 'there is no program ***'],
  [
    'at the cut',
    { is: 'exited', code: 1, output: `${'x'.repeat(183)}hunter22${'y'.repeat(40)}` },
    `exit code 1: ${'x'.repeat(183)}***…`,
  ],
])('why: %s', (_, ended, why) => expect(whyFailed(ended, 90_000, SECRETS)).toBe(why));

test('each line of a secret that has several is one', () => {
  const secrets = secretsOf({}, { KEY: '-----BEGIN-----\nMIIEvQ\nAA\n-----END-----' });
  const output = 'parsing MIIEvQ failed';
  expect(whyFailed({ is: 'exited', code: 1, output }, 1, secrets)).toBe('exit code 1: parsing *** failed');
});
