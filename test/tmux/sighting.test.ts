import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/reconciler/types.ts';
import { Rows } from '../../src/tmux/listing.ts';
import { broughtUpToDate, readEnds, readListing } from '../../src/tmux/sighting.ts';
import { bad, good } from '../rig/tmux.ts';

const healthy = {
  session: '$1',
  pane: '%4',
  pid: '77',
  attached: '0',
  typed: '1700000002',
  output: '1700000001',
  dead: '0',
  code: '',
  signal: '',
  diedAt: '',
  tty: '/dev/pts/3',
  colony: 'shop',
  agent: 'web',
  main: '%4',
  generation: '2',
  run: 'r-9',
  started: '1700000000123',
  fingerprint: 'v1:ab',
  shown: 'busy\\ 3m',
  title: 'a\\ title',
  name: 'web',
};

type Row = typeof healthy;

const row = (over: Partial<Row> = {}) => Object.values({ ...healthy, ...over }).join(' ');
const whose = { colony: 'shop', anchor: '_colony' };
const anchor = row({ session: '$0', pane: '%0', name: '_colony', colony: '', agent: '', main: '' });
const read = (...rows: string[]) => good(readListing([anchor, ...rows], whose));
const only = (...rows: string[]) => read(...rows).sessions.get('web')?.[0];

const session: Session = {
  id: '$1',
  name: 'web',
  attached: false,
  typed: undefined,
  output: 1700000001000,
  agent: 'web',
  generation: 2,
  run: 'r-9',
  fingerprint: 'v1:ab',
  started: 1700000000123,
  shown: 'busy 3m',
  title: 'a title',
  main: { state: 'alive', pane: '%4', pid: 77 },
};

describe('a session', () => {
  test.each<[string, Partial<Row>, Partial<Session>]>([
    ['as it should be', {}, {}],
    ['that is attached', { attached: '2' }, { attached: true, typed: 1700000002000 }],
    ['with spaces in its name', { name: 'my web : 1' }, { name: 'my web : 1' }],
    ['without a life', { generation: '0', dead: '1' }, { generation: 0, main: { state: 'empty', pane: '%4' } }],
    [
      'whose labels were wiped',
      { generation: '', run: '' },
      { generation: 0, run: undefined, main: { state: 'empty', pane: '%4' } },
    ],
    ['with nonsense for a start', { started: 'soon' }, { started: undefined }],
    ['whose main pane was closed', { main: '%3' }, { main: { state: 'gone' }, output: undefined, title: '' }],
    ['that does not say which pane is its main one', { main: '' }, {}],
    [
      'whose program exited',
      { dead: '1', code: '3', diedAt: '1700000000' },
      { main: { state: 'dead', pane: '%4', exit: { code: 3, signal: undefined }, at: 1700000000000 } },
    ],
    [
      'whose program was killed',
      { dead: '1', signal: '9' },
      { main: { state: 'dead', pane: '%4', exit: { code: undefined, signal: 9 }, at: undefined } },
    ],
    [
      'whose program was killed, where signals have names',
      { dead: '1', signal: 'term' },
      { main: { state: 'dead', pane: '%4', exit: { code: undefined, signal: 15 }, at: undefined } },
    ],
  ])('%s', (_case, over, expected) => {
    expect(only(row(over))).toEqual({ ...session, ...expected });
  });

  test('with further panes shows its main one', () => {
    expect(only(row({ pane: '%2', pid: '70' }), row())).toEqual(session);
  });

  test('whose main pane was moved elsewhere is not without it', () => {
    const moved = row({ session: '$7', name: 'mine', colony: '', agent: '' });
    expect(only(row({ pane: '%2', pid: '70' }), moved)).toEqual(session);
  });

  test('that says nothing about its end is a riddle', () => {
    expect(read(row({ dead: '1' })).riddles).toMatchObject([{ pid: 77, session: { main: { state: 'dead' } } }]);
    expect(read(row({ dead: '1', code: '0' })).riddles).toEqual([]);
  });

  test('twice for one agent is told twice', () => {
    const twin = row({ session: '$2', pane: '%5', main: '%5', name: 'web-2' });
    expect(
      read(row(), twin)
        .sessions.get('web')
        ?.map(({ id }) => id),
    ).toEqual(['$1', '$2']);
  });
});

describe('what is not ours', () => {
  test.each<[string, Partial<Row>]>([
    ['without labels', { colony: '', agent: '', main: '' }],
    ["with another colony's labels", { colony: 'shop-2' }],
    ['without an agent', { agent: '' }],
  ])('%s', (_case, over) => {
    const reading = read(row({ ...over, name: 'mine' }));
    expect([...reading.sessions]).toEqual([]);
    expect([...reading.foreign]).toEqual(['mine']);
  });

  test('the anchor is neither ours nor foreign', () => {
    expect(read()).toEqual({ sessions: new Map(), foreign: new Set(), riddles: [], terminals: new Set() });
  });
});

describe('a listing that makes no sense', () => {
  test.each<[string, readonly string[]]>([
    ['nothing', []],
    ['words', [anchor, 'garbage']],
    ['too few fields', [anchor, '$1 %4 77']],
    ['a line broken in two', [anchor, ...row({ run: 'a\nb' }).split('\n')]],
    ['no session id', [anchor, row({ session: 'web' })]],
  ])('%s', (_case, lines) => {
    expect(bad(readListing(lines, whose))).toMatch(/^tmux listed/);
  });
});

describe('an earlier sighting, brought up to date by the dead panes alone', () => {
  const other = row({ session: '$2', pane: '%5', main: '%5', agent: 'db', name: 'db' });
  const dead = { dead: '1', code: '3' };
  const last = read(row(), other);
  const ends = (...rows: string[]) => good(readEnds(rows, whose));
  const ended: Session = {
    ...session,
    main: { state: 'dead', pane: '%4', exit: { code: 3, signal: undefined }, at: undefined },
  };

  test('has what ended, and all else as it was', () => {
    const now = broughtUpToDate(last, ends(row(dead)));
    expect(now?.sessions.get('web')).toEqual([ended]);
    expect(now?.sessions.get('db')).toEqual(last.sessions.get('db'));
    expect(now?.foreign).toBe(last.foreign);
  });

  test.each<[string, string[]]>([
    ['nothing that has ended', []],
    ['a dead pane of somebody else', [row({ ...dead, session: '$9', colony: '', agent: '' })]],
    ['a dead pane of another colony', [row({ ...dead, session: '$9', colony: 'inn' })]],
    ['a dead second pane', [row({ ...dead, pane: '%8' })]],
    ['a dead anchor', [row({ ...dead, session: '$0', pane: '%0', name: '_colony' })]],
    ['an end of which tmux cannot say yet how it came', [row({ dead: '1' })]],
  ])('is the same with %s', (_, rows) => {
    expect(broughtUpToDate(last, ends(...rows))).toEqual({ sessions: last.sessions, foreign: last.foreign });
  });

  test.each<[string, string[], string[]]>([
    ['a session that was not there', [row(dead), row({ ...dead, session: '$3', pane: '%7', main: '%7' })], [row()]],
    ['one that was dead and is no longer', [], [row(dead)]],
  ])('is not enough after %s', (_, now, before) => {
    expect(broughtUpToDate(read(...before), ends(...now))).toBeUndefined();
  });

  test('is not made of a line that makes no sense', () => {
    expect(bad(readEnds(['$1 %4'], whose))).toContain('makes no sense');
  });
});

test('what has not changed since the last listing is the very same session', () => {
  const rows = new Rows();
  const list = (...lines: string[]) => good(readListing([anchor, ...lines], whose, rows)).sessions;
  const other = (over: Partial<Row>) => row({ session: '$2', pane: '%5', main: '%5', agent: 'db', ...over });
  const before = list(row(), other({}));
  const after = list(row(), other({ shown: 'ready' }));
  expect(after.get('web')?.[0]).toBe(before.get('web')?.[0]);
  expect(after.get('db')?.[0]).toMatchObject({ shown: 'ready' });
});

test('a main pane in another session that has changed makes another session', () => {
  const rows = new Rows();
  const list = (title: string) => {
    const moved = row({ session: '$9', pane: '%3', agent: '', colony: '', name: 'mine', title });
    return good(readListing([anchor, row({ main: '%3' }), moved], whose, rows)).sessions.get('web')?.[0]?.title;
  };
  expect([list('one'), list('two')]).toEqual(['one', 'two']);
});
