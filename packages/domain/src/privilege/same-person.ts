/** Spaces and what is not seen at all. */
const UNSEEN = /[\s\p{Z}\p{Cf}]/gu;

/** What is the same in all spellings of a subject. */
export const personOf = (sub: string): string => sub.normalize('NFKC').replace(UNSEEN, '').toLowerCase();

/**
 * Whether two subjects may be one person's: an issuer that takes a name in any case, or with spaces about it, gives
 * tokens with both. Where two people must be told apart to be two, what only looks different is the same.
 */
export const samePerson = (one: string, other: string): boolean => personOf(one) === personOf(other);
