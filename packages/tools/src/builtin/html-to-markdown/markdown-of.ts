import TurndownService from 'turndown';

const NO_TEXT = ['script', 'style', 'noscript', 'template', 'iframe', 'object', 'title'] as const;
/** What runs when it is followed; parsers of URLs drop the control characters in between. */
const RUNS = /^(?:javascript|vbscript|data):/i;

// eslint-disable-next-line no-control-regex
const plain = (href: string): string => href.replace(/[\u0000-\u0020]/g, '');

/** Of the DOM, whose types are a browser's. */
interface Element {
  nodeName: string;
  getAttribute(name: string): string | null;
}

const isLinkThatRuns = (node: unknown): boolean => {
  const element = node as Element;
  return element.nodeName === 'A' && RUNS.test(plain(element.getAttribute('href') ?? ''));
};

export function markdownOf(html: string): string {
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  service.remove([...NO_TEXT]);
  service.addRule('link that runs', {
    filter: isLinkThatRuns,
    replacement: (content) => content,
  });
  return service.turndown(html);
}
