import { expect, test } from 'vitest';
import { victimsIn } from '../../../src/supervisor/vitals/kmsg.ts';

const KILLED = 'Killed process 24739 (node) total-vm:968528kB, anon-rss:48356kB, file-rss:34540kB, oom_score_adj:0';

test.each<[string, string, readonly number[]]>([
  ['of a group', `3,901,13348998833,-;Memory cgroup out of memory: ${KILLED}\n`, [24739]],
  ['of the machine', `3,901,13348998833,-;Out of memory: ${KILLED}\n`, [24739]],
  [
    'of a kernel that names the user',
    `3,901,1,-,caller=T1;Out of memory (oom_kill_allocating_task): ${KILLED}\n`,
    [24739],
  ],
  [
    'with the name of the process in brackets',
    '3,1,1,-;Out of memory: Killed process 5 (a: Killed process 6 (b)) x',
    [5],
  ],
  ['written by a program', `12,901,13348998833,-;Out of memory: ${KILLED}\n`, []],
  ['something else', '6,902,13348998834,-;node invoked oom-killer: gfp_mask=0xcc0\n', []],
])('a record %s', (_name, record, victims) => expect(victimsIn([record])).toEqual(victims));

test('all of them, oldest first', () => {
  const record = (pid: number) => `3,${pid},1,-;Out of memory: Killed process ${pid} (x)`;
  expect(victimsIn([record(7), 'nonsense', record(5)])).toEqual([7, 5]);
});
