import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes below the main one that are asked which files they have open. */
const MOST_PROCESSES = 30;

/** The files that a program holds open; a launcher may stand above the program itself. Nobody can tell without /proc. */
export function openFilesOf(main: number): readonly string[] {
  return [main, ...below(main)].slice(0, MOST_PROCESSES).flatMap(openFiles);
}

function openFiles(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => linkIn(`${folder}/${fd}`));
  } catch {
    return [];
  }
}

function linkIn(path: string): readonly string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}

function below(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
    return children.slice(0, MOST_PROCESSES).flatMap((child) => [child, ...below(child)]);
  } catch {
    return [];
  }
}
