import type { LinkView } from './link.view.js';

/** For people: the same as the JSON says. */
export const linkPage = ({ waiting, decide_at }: LinkView): string =>
  page(
    waiting && decide_at !== null
      ? `<p>An approval waits for a decision.</p><p><a href="${escaped(decide_at)}" rel="noreferrer">Sign in and decide</a></p>`
      : '<p>Nothing waits here any more.</p>',
  );

const page = (body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex"><title>Approval</title></head><body>${body}</body></html>`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
