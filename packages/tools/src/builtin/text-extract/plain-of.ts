import { convert } from 'html-to-text';

/** What a reader sees: no images, no addresses of links, lines as long as they are. */
export const plainOf = (html: string): string =>
  convert(html, {
    wordwrap: false,
    // The library's own limit cuts in silence; a document is bounded before.
    limits: { maxInputLength: html.length },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'table', format: 'dataTable' },
      ...[1, 2, 3, 4, 5, 6].map((level) => ({ selector: `h${String(level)}`, options: { uppercase: false } })),
    ],
  });
