import { type BreakerKey } from '@aumos/agf-domain';

/** Which breakers a page has. */
export interface KeyRange {
  /** the last key of the page before */
  after?: BreakerKey;
  /** keys that begin so, e.g. `tool:` */
  prefix?: string;
  limit: number;
}

/** The bounds for ZRANGEBYLEX. No byte of a key is 0xff, but ioredis sends UTF-8: the last character does. */
export function lexBounds({ after, prefix = '' }: KeyRange): [min: string, max: string] {
  const min = after !== undefined && after >= prefix ? `(${after}` : `[${prefix}`;
  return [min, prefix === '' ? '+' : `[${prefix}\u{10ffff}`];
}
