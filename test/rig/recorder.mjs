// A program that asks for bracketed paste and writes down every byte that it is given, into the file of its first argument.
import { appendFileSync } from 'node:fs';

process.stdin.setRawMode(true);
process.stdin.on('data', (bytes) => appendFileSync(process.argv[2], bytes));
process.stdout.write('\x1b[?2004hrecording');
