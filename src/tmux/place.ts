import type { TmuxPlace } from './types.ts';

/** The flags that lead every tmux call to one server. */
export function placeFlags(place: TmuxPlace): readonly string[] {
  if (place.kind === 'name') return ['-L', place.name];
  if (place.kind === 'path') return ['-S', place.path];
  return [];
}

/** Whether the server belongs to colony alone; on any other colony is a guest that changes nothing global. */
export function isOwn(place: TmuxPlace): boolean {
  return place.kind !== 'default';
}
