/** Raised when a request or an answer changes in a way that an older partner would misread. */
export const PROTOCOL = 1;

/** Headers of requests and of answers: the release of the sender, and the protocol it speaks. */
export const VERSION_HEADER = 'colony-version';
export const PROTOCOL_HEADER = 'colony-protocol';

export type Version = { readonly protocol: number; readonly version: string; readonly pid: number };
