import OpenAI from 'openai';
import type { WorkerSettings } from '../config.js';
import { boundedFetch } from './bounded-fetch.js';

/** Of the platform's OpenAI-compatible endpoint; null where none is set. */
export const modelClient = ({
  llmServingUrl,
  llmServingToken,
}: Pick<WorkerSettings, 'llmServingUrl' | 'llmServingToken'>): OpenAI | null =>
  llmServingUrl
    ? new OpenAI({
        baseURL: baseOf(llmServingUrl),
        // Given in any case, each of them: the library would look into the environment for it.
        apiKey: llmServingToken?.reveal() ?? 'none',
        organization: null,
        project: null,
        logLevel: 'off',
        // Temporal retries, as the node says.
        maxRetries: 0,
        fetch: boundedFetch,
      })
    : null;

/** With its version, which a setting may leave out. */
const baseOf = (url: string): string => {
  const base = url.replace(/\/+$/, '');
  return /\/v\d+$/.test(base) ? base : `${base}/v1`;
};
