import { type Report } from '../services/service.js';

const began = Date.now();

/** One line of progress: seconds since the start, what it is about, what happened. */
export const progressLine = (part: string, text: string): string =>
  `${((Date.now() - began) / 1000).toFixed(1).padStart(6)}  ${part.padEnd(23)}  ${text}`;

export const print: Report = (part, text) => {
  console.log(progressLine(part, text));
};

/** A terminal that was closed takes no more output; the work goes on without it. */
export function surviveClosedTerminal(): void {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}
