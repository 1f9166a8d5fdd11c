import type { Command } from 'commander';

/** Run a command that was parsed; its number becomes the exit code of the program. */
export type Act = (run: Promise<number>) => Promise<void>;

/** One command of the command line: what it is called, what it may be given, and what it does. */
export type Define = (act: Act) => Command;
