import { duration, maybe, oneOf, type Static, section, short } from './define.ts';

const mode = oneOf(['immediate', 'when_idle', 'manual'], {
  description:
    'When a change that needs a new process is carried out: at once; as soon as the agent is idle; or when a person ' +
    'restarts it.',
  default: 'immediate',
});

/** When a change that needs a new process is carried out. */
export const Update = short(
  section(
    {
      mode,
      wait: maybe(
        duration({ description: 'With `when_idle`: do it anyway after this long; if absent, wait for ever.' }),
      ),
    },
    { description: 'When a change that needs a new process is carried out.', default: {} },
  ),
  [mode],
  (value) => ({ mode: value }),
);

export type UpdateSpec = Static<typeof Update>;
