import { type Json } from '@aumos/agf-domain';
import { type CsvHeader } from '../../csv/header.js';

const MAX_EXAMPLES = 10;

/** What is odd about a file but does not stop its profile. */
export class Issues {
  readonly #found = new Map<string, { count: number; examples: number[] }>();

  constructor(header: CsvHeader) {
    for (const column of header.empty) this.add('EMPTY_HEADER', column);
    for (const column of header.duplicate) this.add('DUPLICATE_HEADER', column);
  }

  add(code: 'RAGGED_ROW' | 'EMPTY_HEADER' | 'DUPLICATE_HEADER', place: number): void {
    const issue = this.#found.get(code) ?? { count: 0, examples: [] };
    issue.count++;
    if (issue.examples.length < MAX_EXAMPLES) issue.examples.push(place);
    this.#found.set(code, issue);
  }

  result(): Json[] {
    return [...this.#found].map(([code, issue]) => ({ code, ...issue }));
  }
}
