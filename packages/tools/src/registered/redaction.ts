import { type Json } from '@aumos/agf-domain';

const SHOWN = '[secret]';
/** Shorter parts are words that anything may have. */
const LEAST_CHARACTERS = 8;

/** Takes secrets out of what a server gives back: some show their clients what they were sent. */
export interface Redaction {
  bytes: (body: Uint8Array) => Uint8Array;
  value: (json: Json) => Json;
}

export function redactionOf(secrets: readonly string[]): Redaction {
  const hidden = [...new Set(secrets.flatMap(writings))].sort((a, b) => b.length - a.length);
  const text = (given: string): string => hidden.reduce((left, each) => left.replaceAll(each, SHOWN), given);
  const value = (json: Json): Json => {
    if (typeof json === 'string') return text(json);
    if (typeof json !== 'object' || json === null) return json;
    if (Array.isArray(json)) return json.map(value);
    return Object.fromEntries(Object.entries(json).map(([key, each]) => [text(key), value(each)]));
  };
  if (hidden.length === 0) return { bytes: (body) => body, value: (json) => json };
  return {
    value,
    bytes: (body) => {
      const given = Buffer.from(body).toString('latin1');
      const left = hidden.reduce((all, each) => all.replaceAll(Buffer.from(each).toString('latin1'), SHOWN), given);
      return left === given ? body : Buffer.from(left, 'latin1');
    },
  };
}

/** As a server may write it, whole or in parts: `Bearer x` is a secret for x. */
const writings = (secret: string): string[] =>
  [secret, ...secret.split(/\s+/)]
    .filter((each) => each.length >= LEAST_CHARACTERS)
    .flatMap((each) => [
      each,
      encodeURIComponent(each),
      Buffer.from(each).toString('base64').replace(/=+$/, ''),
      Buffer.from(each).toString('base64url'),
    ]);
