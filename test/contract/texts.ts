/** Texts that have to reach any agent as they are, if they are pasted and Enter follows. */
export const TEXTS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'one character', text: 'x' },
  { name: '1500 characters', text: 'long '.repeat(300).trim() },
  {
    name: '20000 characters in 50 lines',
    text: Array.from({ length: 50 }, (_, row) => `${row} ${'y'.repeat(397)}`).join('\n'),
  },
  { name: 'a text with !, / and # inside its lines', text: 'first\n!second\n/third\n#fourth' },
  { name: 'a path', text: '/etc/hosts is what' },
  { name: 'a text that begins with #', text: '#hash' },
  { name: 'quotes and signs of shells', text: 'a;b "c" \'d\' $HOME `id` $(id) & | > <' },
  { name: 'letters of many scripts', text: 'é ñ 漢字 😀 ok' },
];
