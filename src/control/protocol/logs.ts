export type LogsReport = { readonly agent: string; readonly lines: readonly string[]; readonly live: boolean };
