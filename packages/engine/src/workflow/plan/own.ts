/** A member the record itself has: names are users' (`constructor` is a fine node id), what is inherited does not exist. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
