import { describe, expect, test } from 'vitest';
import { exitReason, isSuccess } from '../../src/reconciler/exit.ts';
import { code, signal, unknownExit } from './base.ts';

describe('why an end is to be answered', () => {
  test.each([
    ['a code', code(3), 'exited'],
    ['success', code(0), 'exited'],
    ['a signal', signal(9), 'signaled'],
    ['nobody knows', unknownExit, 'exited'],
    ['the kernel, for want of memory', { ...signal(9), oom: true }, 'oom_killed'],
    ['a signal, and not for want of memory', { ...signal(9), oom: false }, 'signaled'],
  ])('%s', (_, exit, expected) => expect(exitReason(exit).code).toBe(expected));

  test('carries the exit and nothing else', () => {
    expect(exitReason({ ...code(3), oom: false })).toEqual({ code: 'exited', exit: code(3) });
  });
});

describe('success', () => {
  test.each([
    ['exit code 0', code(0), [0], true],
    ['exit code 3', code(3), [0], false],
    ['exit code 3, declared as success', code(3), [0, 3], true],
    ['exit code 0, not declared as success', code(0), [3], false],
    ['a signal', signal(15), [0], false],
    ['a signal that came with a code', { code: 0, signal: 15 }, [0], false],
    ['nobody knows', unknownExit, [0], false],
  ])('%s', (_, exit, codes, expected) => expect(isSuccess(exit, codes)).toBe(expected));
});
