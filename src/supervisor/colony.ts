import type { ColonyPaths } from '../control/paths.ts';
import type { Manager } from '../login/types.ts';
import type { Reaper } from '../processes/reaper.ts';
import type {
  Advice,
  AgentName,
  Desired,
  Entry,
  Event,
  Ledger,
  Letter,
  Machine,
  Observed,
  Operation,
  ReconcileInput,
  RunId,
  Vitals,
} from '../reconciler/types.ts';
import type { Tmux, TmuxFailure } from '../tmux/types.ts';
import type { Clock } from './clock.ts';
import type { Departed } from './departed.ts';
import type { Environment } from './environment.ts';
import type { HistoryKeeper } from './history/load.ts';
import type { Prober } from './probing/prober.ts';
import { Reader } from './reading/reader.ts';
import type { Remembered } from './remembered.ts';
import type { Reports } from './reports/reports.ts';
import type { Stamps } from './stamps.ts';
import type { Saver } from './state/saver.ts';
import { SteadyTimes } from './steady-times.ts';
import { Postbox } from './typing/postbox.ts';
import { Gauge } from './vitals/gauge.ts';
import { OomWatch } from './vitals/oom.ts';

/** What is wanted of the colony as a whole. */
export type Goal = 'run' | 'down';

/** An operation that this supervisor carries out at the moment. */
export type UnderWay = Operation & {
  /** The run whose end it sees to, with all that belongs to it. */
  readonly ends?: RunId | undefined;
  /** Whether what is waited for need not be waited for any more. */
  readonly pointless?: () => boolean;
  /** Ends the waiting: for a program that was asked to leave, or for a hook; absent where nothing is waited for. */
  readonly cutShort?: () => void;
};

/** What has happened so far, and the way to add to it. */
export type Chronicle = {
  readonly ledger: Ledger;
  /** What a person should know about the records, as sentences. */
  readonly warnings: readonly string[];
  /** Lines that wait for the disk, with their ends. */
  readonly pending: readonly string[];
  announce(event: Event): Entry;
  /** Notice whether the machine has slept, or its clock was set. */
  look(): void;
  listen(listener: (entry: Entry) => void): () => void;
};

/** The files the configuration in force was read from, and the patterns that name further ones. */
export type Sources = {
  readonly files: readonly string[];
  readonly patterns: readonly string[];
  /** Of each file, right before it was read. */
  readonly stamps: Stamps;
};

/** How the configuration stands: the file may be wrong while an earlier one is in force. */
export type ConfigState = { readonly error: string | undefined };

/**
 * Everything the supervisor holds in memory. Only the loop and the handlers' recorded intents change it; what must
 * outlive the supervisor is in the journal.
 */
export type Colony = {
  readonly name: string;
  readonly path: string;
  readonly paths: ColonyPaths;
  readonly clock: Clock;
  readonly journal: Chronicle;
  /** For the files that must outlive the supervisor, and that a full disk may delay. */
  readonly saver: Saver;
  readonly reaper: Reaper;
  /** What the programs say of themselves. */
  readonly reports: Reports;
  /** undefined for the first moments: then the files and the journal tell of past lives. */
  historian: HistoryKeeper | undefined;
  /** The value of COLONY_HOME, if it is set. */
  readonly home: string | undefined;
  readonly since: number;
  /** The service manager that started this supervisor; undefined: a person or an `apply` did. */
  readonly manager: Manager | undefined;
  /** Why tmux lives inside of the service after all; undefined: it does not. */
  unsheltered: string | undefined;
  /** undefined until a first configuration is accepted. */
  desired: Desired | undefined;
  goal: Goal;
  /** Nobody wants to wait for the end of any agent: of a `down` that is to be done at once. */
  hurry: boolean;
  readonly departed: Departed;
  /** A supervisor that an `apply` started looks on until that apply is accepted: a refused one must change nothing. */
  armed: boolean;
  /** What an earlier supervisor left half done was looked after. */
  settledIn: boolean;
  environment: Environment;
  config: ConfigState;
  remembered: Remembered | undefined;
  sources: Sources;
  observed: Observed;
  /** undefined while the connection to tmux is down; `tmuxDown` then says why. */
  tmux: Tmux | undefined;
  tmuxDown: TmuxFailure | undefined;
  readonly operations: Map<AgentName, UnderWay>;
  /** What was being done when the latest pass began. */
  busy: ReadonlyMap<AgentName, UnderWay>;
  /** undefined until the first pass that may act. */
  prober: Prober | undefined;
  /** Looks at the processes of the agents. */
  readonly gauge: Gauge;
  /** Reads what the programs that colony knows are doing. */
  readonly reader: Reader;
  /** Set while somebody needs the processes to be looked at regularly. */
  nextLook: NodeJS.Timeout | undefined;
  /** Tells the times of tmux on the colony's clock. */
  readonly times: SteadyTimes;
  /** Tells whether the kernel has killed for want of memory. */
  readonly oom: OomWatch;
  /** How the agents do, as far as this supervisor has measured it. */
  vitals: ReadonlyMap<AgentName, Vitals>;
  /** What the policies said at the last thorough look. */
  advice: ReadonlyMap<AgentName, readonly Advice[]>;
  machine: Machine;
  /** What waits to be typed, each agent's oldest first. */
  readonly letters: ReadonlyMap<AgentName, readonly Letter[]>;
  /** Takes letters in, and tells what has become of them. */
  readonly post: Postbox;
};

/** What a supervisor knows of its agents before it has looked, and what it looks with. */
export function nothingMeasured(): Pick<
  Colony,
  'prober' | 'gauge' | 'reader' | 'nextLook' | 'times' | 'oom' | 'vitals' | 'advice' | 'machine' | 'letters' | 'post'
> {
  const letters = new Map<AgentName, readonly Letter[]>();
  return {
    prober: undefined,
    gauge: new Gauge(),
    reader: new Reader(),
    nextLook: undefined,
    times: new SteadyTimes(),
    oom: new OomWatch(),
    vitals: new Map(),
    advice: new Map(),
    machine: { memoryAvailable: undefined },
    letters,
    post: new Postbox(letters),
  };
}

/** The reconciler's view of the present moment. */
export function inputOf(colony: Colony, desired: Desired, observed = colony.observed): ReconcileInput {
  const { operations, vitals, advice, machine, letters } = colony;
  const now = colony.clock();
  return { desired, observed, ledger: colony.journal.ledger, operations, vitals, advice, machine, letters, now };
}

/**
 * What is being done, and what was when the latest pass began. Whom that changes the look may have missed or met half-way,
 * so until the next pass, which its end brings about, he counts as being worked on.
 */
export function underWay({ busy, operations }: Colony): Colony['operations'] {
  return new Map([...busy, ...operations]);
}

/** What a person should know about the colony's records, as sentences. */
export function warningsOf({ journal, saver, historian, reports, unsheltered }: Colony): readonly string[] {
  const shelter = unsheltered === undefined ? [] : [unsheltered];
  return [...journal.warnings, ...saver.warnings, ...(historian?.warnings ?? []), ...reports.warnings, ...shelter];
}

/** Write an event down; see Journal. */
export function announce(colony: Colony, event: Event): void {
  colony.journal.announce(event);
}
