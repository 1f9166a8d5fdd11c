/** What a prompt of a test asks a model to do. */
export type Directive = { readonly op: string; readonly rest: string; readonly numbers: readonly number[] };

export function directiveOf(text: string): Directive;
export function limitOf(asked: Directive): { readonly times: number; readonly seconds: number };
export function answerTo(asked: Directive): { readonly gap: number; readonly words: readonly string[] };
