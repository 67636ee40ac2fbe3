/** A visit, as the execution's journal names it. */
export interface Site {
  node: string;
  visit: number;
}

/** One visit's among those of its execution. */
export const siteKey = ({ node, visit }: Site): string => `${node}/${String(visit)}`;
