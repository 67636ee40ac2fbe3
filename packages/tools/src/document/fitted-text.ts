import { jsonSize, shortened } from '@aumos/agf-domain';

/** Of JSON: what leaves room for the rest of a result. */
const MOST_BYTES = 120_000;

/** Its beginning, if the whole is too long; never half of a character. */
export function fittedText(text: string, maxCharacters = 50_000): { text: string; truncated: boolean } {
  let fitted = shortened(text, maxCharacters);
  for (let size = jsonSize(fitted); size > MOST_BYTES; size = jsonSize(fitted))
    fitted = shortened(fitted, Math.floor((fitted.length * MOST_BYTES) / size / 1.02));
  return { text: fitted, truncated: fitted.length < text.length };
}
