import { CallerError } from '@aumos/agf-domain';

const MAX_COLUMNS = 2000;

export interface CsvHeader {
  /** as in the file, made distinct: an empty one is `column_3`, a second `a` is `a_2` */
  names: string[];
  /** columns from 1 */
  empty: number[];
  duplicate: number[];
}

/** @throws ToolError `TOO_MANY_COLUMNS` */
export function headerOf(record: string[]): CsvHeader {
  if (record.length > MAX_COLUMNS) {
    throw new CallerError('TOO_MANY_COLUMNS', `${String(record.length)} columns; the limit is ${String(MAX_COLUMNS)}`);
  }
  const header: CsvHeader = { names: [], empty: [], duplicate: [] };
  const given = new Set(record);
  const taken = new Set<string>();
  record.forEach((cell, i) => {
    const wanted = cell === '' ? `column_${String(i + 1)}` : cell;
    if (cell === '') header.empty.push(i + 1);
    else if (taken.has(cell)) header.duplicate.push(i + 1);
    let name = wanted;
    for (let n = 2; taken.has(name) || (name !== cell && given.has(name)); n++) name = `${wanted}_${String(n)}`;
    taken.add(name);
    header.names.push(name);
  });
  return header;
}
