import { type Answer } from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';

/** Asks again while something of its tenant is in the way. */
export const unhurried = <T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> =>
  eventually(
    async () => {
      const answer = await ask();
      return answer.status === 429 ? undefined : answer;
    },
    'an answer that is not 429',
    { everyMs: 200 },
  );

/** Shows that what an attempt bends works as it is meant. Rejects where it does not. */
export type Harmless = () => Promise<unknown>;

/** One thing that somebody tries who may not. */
export interface Attempt {
  says: string;
  /** made before any attempt of the category; the same one may stand for several attempts */
  harmless: Harmless;
  /** @returns what got through, as the answer shows it; undefined where nothing did */
  hostile: () => Promise<string | undefined>;
}

/** Attempts of one kind, made together. */
export interface Category {
  name: string;
  attempts: readonly Attempt[];
  /** What must be the same after all attempts as before them: rows, tables, what agents remember. */
  truth: () => Promise<Record<string, unknown>>;
  close?: () => Promise<void>;
}

export interface Tally {
  category: string;
  attempts: number;
  /** different harmless forms that were shown to work */
  harmless: number;
  /** what a harmless form failed with */
  broken: string[];
  /** attempts that got through, and what of the truth changed */
  got_through: string[];
}

const AT_ONCE = 12;

/** Calls it for each, a few at once. @returns the results in the order of the items */
export async function forEach<T, R>(items: readonly T[], act: (item: T) => Promise<R>, atOnce = AT_ONCE): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await act(items[i]!);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** All harmless forms, then all attempts; the truth is looked at before and after these. */
export async function make({ name, attempts, truth, close }: Category): Promise<Tally> {
  const forms = new Map(attempts.map(({ harmless, says }) => [harmless, says]));
  const broken = await forEach([...forms], async ([harmless, says]) => {
    try {
      await harmless();
      return [];
    } catch (error) {
      return [`${says}: ${textOf(error)}`];
    }
  });
  const before = await truth();
  const answers = await forEach(attempts, async ({ says, hostile }) => {
    try {
      const through = await hostile();
      return through === undefined ? [] : [`${says}: ${through}`];
    } catch (error) {
      return [`${says}: could not be made: ${textOf(error)}`];
    }
  });
  const after = await truth();
  await close?.();
  const changed = Object.keys({ ...before, ...after }).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return {
    category: name,
    attempts: attempts.length,
    harmless: forms.size,
    broken: broken.flat(),
    got_through: [
      ...answers.flat(),
      ...changed.map((key) => `${key}: ${JSON.stringify(before[key])} became ${JSON.stringify(after[key])}`),
    ],
  };
}
