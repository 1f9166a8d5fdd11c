import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineCutter, plainLines } from '../../../src/supervisor/probing/lines.ts';

describe('one line of output', () => {
  test.each<[string, string, readonly string[]]>([
    ['plain', 'hello', ['hello']],
    ['empty', '', []],
    ['with the end that terminals write', 'hello\r', ['hello']],
    ['coloured', '\u001b[1;31merror\u001b[0m: no', ['error: no']],
    ['with a title', '\u001b]0;my title\u0007hello', ['hello']],
    ['with a title that ends otherwise', '\u001b]2;my title\u001b\\hello', ['hello']],
    ['with a link', '\u001b]8;;http://x\u0007text\u001b]8;;\u0007', ['text']],
    ['painted over', ' 10 %\r 50 %\r100 %\r', ['100 %']],
    ['moved about', '\u001b[2;1Hfirst\u001b[3;1Hsecond\u001b[Kx', ['first', 'secondx']],
    ['with other characters', '❯ 漢字 é', ['❯ 漢字 é']],
  ])('%s', (_, raw, lines) => expect(plainLines(raw)).toEqual(lines));
});

describe('output as it comes', () => {
  const cut = (...chunks: string[]) => {
    const cutter = new LineCutter();
    const lines = chunks.flatMap((chunk) => cutter.take(Buffer.from(chunk, 'latin1')));
    return { lines, rest: cutter.unfinished };
  };
  const latin = (text: string) => Buffer.from(text).toString('latin1');

  test('a line is complete at its break', () => {
    expect(cut('a\r\nb')).toEqual({ lines: ['a'], rest: 'b' });
    expect(cut('a', 'b', 'c\n')).toEqual({ lines: ['abc'], rest: '' });
  });

  test('however it is cut into pieces', () => {
    const text = latin('one\r\n\u001b[32m漢字\u001b[0m\r\n10 %\r20 %\r\nlast');
    const piece = fc.integer({ min: 1, max: text.length - 1 });
    fc.assert(
      fc.property(fc.uniqueArray(piece), (places) => {
        const ends = [0, ...places.sort((a, b) => a - b), text.length];
        const chunks = ends.slice(1).map((end, index) => text.slice(ends[index], end));
        expect(cut(...chunks)).toEqual({ lines: ['one', '漢字', '20 %'], rest: 'last' });
      }),
    );
  });

  test('a line that never ends is cut', () => {
    const cutter = new LineCutter();
    let lines = 0;
    for (let index = 0; index < 100; index++) {
      const cut = cutter.take(Buffer.alloc(4_096, 'x'));
      for (const line of cut) expect(line.length).toBeLessThanOrEqual(8_192);
      lines += cut.length;
    }
    expect(lines).toBeGreaterThan(30);
    expect(cutter.unfinished.length).toBeLessThanOrEqual(8_192);
  });

  test('after a gap a new line begins', () => {
    const cutter = new LineCutter();
    cutter.take(Buffer.from('half a line \u001b[3'));
    cutter.skip();
    expect(cutter.take(Buffer.from('and the rest\nnext\n'))).toEqual(['and the rest', 'next']);
  });
});
