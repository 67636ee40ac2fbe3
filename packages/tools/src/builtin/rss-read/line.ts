import { shortened } from '@aumos/agf-domain/runtime';

const MOST_CHARACTERS = 500;

/** A text of a feed, bounded; null where there is none. */
export const line = (text: string | undefined, most = MOST_CHARACTERS): string | null =>
  text === undefined || text === '' ? null : shortened(text, most);
