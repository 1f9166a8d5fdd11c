#!/bin/sh
import { runProgram } from './program.ts';
import { reportBug } from './report-bug.ts';

// Whoever reads the output may stop early, as `head` does. The command still does its work and gives its exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.on('uncaughtException', reportBug);
void runProgram(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
