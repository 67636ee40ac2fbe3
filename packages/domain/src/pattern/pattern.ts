import { RE2JS } from 're2js';
import { BoundedCache } from '../cache/bounded-cache.js';

/** Longest regular expression taken from a definition or from data, in UTF-16 units. */
const MAX_PATTERN_LENGTH = 1_000;
/** RE2 instructions: with the text's length this bounds the time of a match. */
const MAX_PROGRAM_SIZE = 5_000;
const CACHED_PATTERNS = 500;

/** The expression is longer than allowed, malformed, or uses what RE2 has not (look-around, back references). */
export class InvalidPatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidPatternError';
  }
}

export interface Pattern {
  /** instructions; a match takes at most this many steps a character */
  readonly size: number;
  /** Whether the expression matches anywhere in the text; linear in its length. */
  test(text: string): boolean;
}

const cache = new BoundedCache<string, Pattern>(CACHED_PATTERNS);

/**
 * A regular expression on RE2: no input makes it slow.
 * @throws InvalidPatternError
 */
export function compilePattern(source: string): Pattern {
  return cache.get(source, () => {
    if (source.length > MAX_PATTERN_LENGTH)
      throw new InvalidPatternError(`a pattern has at most ${MAX_PATTERN_LENGTH} characters`);
    const compiled = compileRe2(source);
    const size = compiled.programSize();
    if (size > MAX_PROGRAM_SIZE) throw new InvalidPatternError('the pattern repeats too much');
    return { size, test: (text) => compiled.test(text) };
  });
}

function compileRe2(source: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source));
  } catch (error) {
    throw new InvalidPatternError(`not a pattern of RE2: ${error instanceof Error ? error.message : String(error)}`);
  }
}
