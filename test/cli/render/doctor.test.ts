import { expect, test } from 'vitest';
import { plain } from '../../../src/cli/render/colour.ts';
import { findingsText } from '../../../src/cli/render/doctor.ts';
import type { Finding } from '../../../src/doctor/types.ts';

const machine: readonly Finding[] = [{ id: 'node', level: 'ok', text: 'Node.js is v22.1.0' }];
const mistake: Finding = { id: 'config', level: 'error', text: 'The file is not valid: colony.yaml:1:1' };

test.each<readonly [string, readonly Finding[], string | null, string]>([
  ['a colony', machine, 'shop', 'All is well with shop: 1 checks.'],
  ['no file', machine, null, 'All is well with this machine (there is no colony.yaml here): 1 checks.'],
  ['a file that is not valid', [mistake, ...machine], null, 'this machine (the file names no colony yet)'],
])('%s', (_, findings, colony, text) => {
  expect(findingsText(findings, { all: false, colony, paint: plain, width: 80 })).toContain(text);
});
