import { homedir } from 'node:os';

/** The user's own folder. A user whom the machine does not know, as in many containers, has the root, as Docker says too. */
export function homeFolder(): string {
  try {
    return homedir() || '/';
  } catch {
    return '/';
  }
}
