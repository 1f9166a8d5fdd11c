/**
 * The protocol between the supervisor and everything else: HTTP with JSON over a unix socket.
 *
 *   GET  /v1/version                           -> Version
 *   GET  /v1/status                            -> StatusReport
 *   POST /v1/plan    PlanRequest               -> PlanReport
 *   POST /v1/apply   ApplyRequest              -> Message, one JSON value a line
 *   POST /v1/down    DownRequest               -> Message, one JSON value a line
 *   POST /v1/start, /v1/stop, /v1/restart  AgentsRequest -> Message, one JSON value a line
 *   POST /v1/wait    WaitRequest               -> Message, one JSON value a line; the last one is `waited`
 *   POST /v1/send    SendRequest               -> Message, one JSON value a line; the last one is `sent`
 *   POST /v1/adopt   AdoptRequest              -> AdoptReport
 *   GET  /v1/why?agent=A                       -> WhyReport
 *   GET  /v1/events?since=SEQ&after=MS&follow=1&agent=A&label=K=V&type=T -> EventLine, one JSON value a line
 *   GET  /v1/history?agent=A&label=K=V&count=N -> HistoryReport
 *   GET  /v1/logs?agent=A&lines=N&previous=1   -> LogsReport
 *   GET  /v1/attach?agent=A&read_only=1&tmux=T -> AttachReport
 *
 * Each takes `path`, the colony.yaml it is meant for, and is refused if that is another folder's. Requests and answers
 * carry the release and the protocol of their sender in two headers; a request without them is taken as it is.
 * An answer other than 2xx carries a Problem. Handlers check, record what is wanted, and answer; only the loop acts.
 *
 * In the folder below: a file for each request with its answer, and one for each thing that several of them speak of.
 */
export type * from './protocol/adopt.ts';
export type * from './protocol/agent-status.ts';
export type * from './protocol/agents.ts';
export type * from './protocol/apply.ts';
export type * from './protocol/attach.ts';
export type * from './protocol/down.ts';
export type * from './protocol/events.ts';
export * from './protocol/exit.ts';
export type * from './protocol/history.ts';
export type * from './protocol/logs.ts';
export type * from './protocol/message.ts';
export type * from './protocol/plan.ts';
export type * from './protocol/problem.ts';
export type * from './protocol/send.ts';
export type * from './protocol/status.ts';
export type * from './protocol/target.ts';
export * from './protocol/version.ts';
export * from './protocol/wait.ts';
export type * from './protocol/why.ts';
