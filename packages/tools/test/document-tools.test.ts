import { type Json, type JsonObject } from '@aumos/agf-domain';
import { WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context } from './context.js';
import { refusal, run } from './run-builtin.js';

const PAGE = `<!doctype html><html><head><title>T</title><style>p{}</style><script>alert(1)</script></head><body>
<h1>Cars</h1><p>Fast &amp; <b>old</b> <a href="https://example.com/a">ones</a>.</p><ul><li>one</li><li>two</li></ul>
<pre><code>x = 1</code></pre><noscript>no</noscript></body></html>`;

let web: WebServer;
beforeAll(async () => {
  web = await WebServer.start();
});
afterAll(() => web.close());

const serve = (body: string | Uint8Array, type = 'text/html; charset=utf-8') =>
  web.says(() => ({ headers: { 'content-type': type }, body }));

describe('html_to_markdown', () => {
  const markdown = async (args: JsonObject) => ((await run('html_to_markdown', args)) as { markdown: string }).markdown;
  const EXPECTED = [
    '# Cars',
    'Fast & **old** [ones](https://example.com/a).',
    '-   one\n-   two',
    '```\nx = 1\n```',
  ].join('\n\n');

  it('is the same from a text, an artifact and a URL', async () => {
    serve(PAGE);
    expect(await markdown({ html: PAGE })).toBe(EXPECTED);
    expect(await markdown({ url: web.url('/page') })).toBe(EXPECTED);
    const call = context();
    const source = call.artifacts.add(PAGE, 'text/html');
    expect(await run('html_to_markdown', { source }, call)).toEqual({ markdown: EXPECTED, truncated: false });
  });

  it.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x'])(
    'has no link to %j',
    async (href) => {
      expect(await markdown({ html: '<a href="/fine">a</a>' })).toBe('[a](/fine)');
      expect(await markdown({ html: `<a href="${href}">a</a>` })).toBe('a');
    },
  );

  it('is cut where it is told, and where a result ends', async () => {
    expect(await run('html_to_markdown', { html: '<p>😀😀😀</p>', max_characters: 2 })).toEqual({
      markdown: '😀😀',
      truncated: true,
    });
    serve(`<p>${'漢'.repeat(100_000)}</p>`);
    const cut = (await run('html_to_markdown', { url: web.url(), max_characters: 100_000 })) as { markdown: string };
    expect(cut).toMatchObject({ truncated: true });
    expect(cut.markdown.length).toBeGreaterThan(35_000);
  });

  it('is not made of what is no HTML', async () => {
    serve('a,b', 'text/csv');
    await expect(run('html_to_markdown', { url: web.url() })).rejects.toEqual(refusal('NOT_HTML'));
    serve(Buffer.from([1, 2]), 'application/pdf');
    await expect(run('html_to_markdown', { url: web.url() })).rejects.toEqual(refusal('NOT_TEXT'));
  });

  it('of a page that is made to take all there is ends, and so it does for everybody else', async () => {
    serve('<div>'.repeat(200_000));
    const deep = run('html_to_markdown', { url: web.url() });
    const wide = run('html_to_markdown', { html: PAGE });
    await expect(deep).rejects.toEqual(refusal('TOO_COMPLEX', { fault: 'caller' }));
    expect(await wide).toMatchObject({ truncated: false });
  });
});

describe('text_extract', () => {
  const text = async (args: JsonObject) => ((await run('text_extract', args)) as { text: string }).text;

  it('gives what a reader sees of HTML', async () => {
    serve(PAGE);
    const seen = 'Cars\n\nFast & old ones.\n\n * one\n * two\n\nx = 1';
    expect(await text({ html: PAGE.replace(/<noscript>.*<\/noscript>/, '') })).toBe(seen);
    expect(await text({ url: web.url() })).toContain('Fast & old ones.');
    expect(await text({ html: PAGE })).not.toContain('alert');
  });

  it.each([
    ['text/plain', 'plain <b>', 'plain <b>'],
    ['text/plain; charset=windows-1252', Buffer.from([0x80]), '€'],
    ['text/markdown', '# x', '# x'],
    ['application/json', '{"a":1}', '{"a":1}'],
    ['application/atom+xml', '<feed/>', '<feed/>'],
  ])('gives all of %s', async (type, body, expected) => {
    serve(body, type);
    expect(await text({ url: web.url() })).toBe(expected);
  });

  it('takes one document, of a size', async () => {
    await expect(run('text_extract', {})).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
    await expect(run('text_extract', { html: 'x', url: web.url() })).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
    serve('x'.repeat(2 * 1024 * 1024 + 1), 'text/plain');
    await expect(run('text_extract', { url: web.url() })).rejects.toEqual(refusal('RESPONSE_TOO_LARGE'));
    const call = context();
    const source = call.artifacts.add(async function* () {
      for (let i = 0; i < 33; i++) yield Buffer.alloc(65_536, 'x');
    }, 'text/plain');
    await expect(run('text_extract', { source }, call)).rejects.toEqual(refusal('DOCUMENT_TOO_LARGE'));
  });

  it.each(['http://10.0.0.1/', 'http://metadata.google.internal/', 'file:///etc/passwd'])(
    'does not read %s',
    async (url) => {
      await expect(run('text_extract', { url })).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
    },
  );

  it('ends with a page that is made to take all there is', async () => {
    serve('<table><tr><td>'.repeat(60_000));
    const end = await run('text_extract', { url: web.url() }).catch((error: unknown) => error);
    expect(end).toEqual(expect.objectContaining({ code: 'TOO_COMPLEX' }));
  });
});

describe('json_query', () => {
  const find = async (query: string, data: Json) =>
    ((await run('json_query', { query, data })) as { result: Json }).result;
  const CARS = {
    cars: [
      { n: 'a', hp: 90 },
      { n: 'b', hp: 150 },
      { n: 'c', hp: 200 },
    ],
  };

  it.each<[string, Json]>([
    ['cars[?hp > `100`].n', ['b', 'c']],
    ['cars[].{name: n} | [0]', { name: 'a' }],
    ['max_by(cars, &hp).n', 'c'],
    ['length(cars)', 3],
    ['nothing.here', null],
  ])('finds %s', async (query, result) => {
    expect(await find(query, CARS)).toEqual(result);
  });

  it('looks into an artifact', async () => {
    const call = context();
    const source = call.artifacts.add(JSON.stringify(CARS), 'application/json');
    expect(await run('json_query', { query: 'sum(cars[].hp)', source }, call)).toEqual({ result: 440 });
    const broken = call.artifacts.add('{', 'application/json');
    await expect(run('json_query', { query: 'a', source: broken }, call)).rejects.toEqual(refusal('NOT_JSON'));
  });

  it.each(['cars[', 'nosuch(@)', 'sum(cars)', '"'])('does not take %s', async (query) => {
    await expect(find(query, CARS)).rejects.toEqual(refusal('INVALID_QUERY', { fault: 'caller' }));
  });

  it.each(['__proto__', 'constructor', '@.toString', 'cars.constructor.constructor'])(
    'finds nothing that is not in the data: %s',
    async (query) => {
      expect(await find(query, CARS)).toBeNull();
    },
  );

  it('takes one thing to look into', async () => {
    await expect(run('json_query', { query: 'a' })).rejects.toEqual(refusal('INVALID_ARGUMENTS'));
  });

  it.each([
    ['doubles a text', ["join('', [@, @])", 60], 'x'],
    ['doubles a list', ['[@, @][]', 60], [1, 2]],
  ] as const)('is bounded when it %s', async (_what, [step, times], data) => {
    expect(await find(step, data as unknown as Json)).toBeDefined();
    const query = Array.from({ length: times }, () => step).join(' | ');
    await expect(find(query, data as unknown as Json)).rejects.toEqual(refusal('TOO_COMPLEX'));
  });

  it('is bounded by the size of a result', async () => {
    const query = Array.from({ length: 24 }, () => "join('', [@, @])").join(' | ');
    await expect(find(query, 'x')).rejects.toEqual(refusal('RESULT_TOO_LARGE'));
  });

  it("ends with the caller's signal", async () => {
    const ending = new AbortController();
    const query = Array.from({ length: 60 }, () => '[@, @][]').join(' | ');
    const ended = run('json_query', { query, data: [1] }, context({ signal: ending.signal }));
    setTimeout(() => ending.abort(new Error('enough')), 50);
    await expect(ended).rejects.toThrow('enough');
  });
});

describe('rss_read', () => {
  const RSS = `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T &amp; U</title>
<link>https://example.com</link><description>d</description>
<item><title>A</title><link>https://example.com/1</link><guid>1</guid><pubDate>Mon, 06 Sep 2021 00:01:00 GMT</pubDate><dc:creator>Me</dc:creator><description><![CDATA[<p>x</p>]]></description></item>
<item><title>B</title></item></channel></rss>`;
  const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link href="https://example.com"/><id>i</id><updated>2003-12-13T18:30:02Z</updated>
<entry><title>A</title><link href="https://example.com/1"/><id>1</id><updated>2021-09-06T00:01:00Z</updated><summary>x</summary><author><name>Me</name></author></entry></feed>`;
  const RDF = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title><link>https://example.com</link></channel>
<item><title>A</title><link>https://example.com/1</link><dc:creator>Me</dc:creator><dc:date>2021-09-06T00:01:00Z</dc:date></item></rdf:RDF>`;
  const JSON_FEED = JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'T',
    home_page_url: 'https://example.com',
    items: [
      {
        id: '1',
        url: 'https://example.com/1',
        title: 'A',
        content_text: 'x',
        date_published: '2021-09-06T02:01:00+02:00',
        authors: [{ name: 'Me' }],
      },
    ],
  });
  const read = (args: JsonObject = {}) => run('rss_read', { url: web.url('/feed'), ...args });
  const first = { title: 'A', link: 'https://example.com/1', author: 'Me', published: '2021-09-06T00:01:00.000Z' };

  it.each([
    ['rss', RSS, { id: '1', summary: '<p>x</p>' }, 'T & U'],
    ['atom', ATOM, { id: '1', summary: 'x' }, 'T'],
    ['rdf', RDF, { id: 'https://example.com/1', summary: null }, 'T'],
    ['json', JSON_FEED, { id: '1', summary: 'x' }, 'T'],
  ])('reads %s', async (format, body, more, title) => {
    serve(body, 'application/xml');
    const feed = (await read()) as { items: Json[] };
    expect(feed).toMatchObject({ format, title, link: 'https://example.com', truncated: false });
    expect(feed.items[0]).toEqual({ ...first, ...more });
  });

  it('gives as many entries as are wanted', async () => {
    serve(RSS);
    expect(await read({ max_items: 1 })).toMatchObject({ items: [{ title: 'A' }], truncated: true });
    expect(((await read()) as { items: Json[] }).items[1]).toEqual({
      id: null,
      ...{ title: 'B', link: null, author: null, published: null, summary: null },
    });
  });

  it('of a hundred long ones fits into a result', async () => {
    const item = `<item><title>${'漢'.repeat(999)}</title><link>https://example.com/${'a'.repeat(999)}</link><description>${'漢'.repeat(9_999)}</description></item>`;
    serve(`<rss version="2.0"><channel><title>T</title>${item.repeat(30)}</channel></rss>`);
    expect(((await read({ max_items: 30 })) as { items: Json[] }).items).toHaveLength(30);
  });

  it.each([
    ['a page', '<html><body>no</body></html>'],
    ['nothing', ''],
    ['a broken one', '<rss><channel>'],
  ])('is no feed: %s', async (_what, body) => {
    serve(body);
    const end = await read().catch((error: unknown) => error);
    expect(end).toEqual(expect.objectContaining({ code: 'NOT_A_FEED' }));
  });

  it.each([
    ['grow', '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">'],
    ['come from a file', '<!ENTITY b SYSTEM "file:///etc/passwd">'],
  ])('has no entities that %s', async (_what, entities) => {
    serve(
      `<!DOCTYPE x [${entities}]><rss version="2.0"><channel><title>&b;</title><item><title>x</title></item></channel></rss>`,
    );
    const end: unknown = await read().catch((error: unknown) => (error as { code?: unknown }).code);
    expect(['NOT_A_FEED', '&b;']).toContain((end as { title?: unknown }).title ?? end);
  });

  it('is checked where it leads', async () => {
    web.says(() => ({ status: 301, headers: { location: 'http://[::ffff:169.254.169.254]/' } }));
    await expect(read()).rejects.toEqual(refusal('ADDRESS_BLOCKED'));
  });
});

describe('csv_read', () => {
  const rows = (text: string, args: JsonObject = {}) => {
    const call = context();
    return run('csv_read', { source: call.artifacts.add(text), ...args }, call);
  };

  it('reads rows from one on, some of the columns, and says where to go on', async () => {
    const text = 'a,b,c\n1,,x\n2,NA,y\n3,v,z\n';
    expect(await rows(text)).toEqual({
      columns: ['a', 'b', 'c'],
      rows: [
        ['1', null, 'x'],
        ['2', 'NA', 'y'],
        ['3', 'v', 'z'],
      ],
      next_row: null,
    });
    expect(await rows(text, { columns: ['c', 'b'], from_row: 2, max_rows: 1, null_values: ['NA'] })).toEqual({
      columns: ['c', 'b'],
      rows: [['y', null]],
      next_row: 3,
    });
    expect(await rows(text, { from_row: 9 })).toMatchObject({ rows: [], next_row: null });
  });

  it('reads a whole file piece by piece, as much as fits into a result at a time', async () => {
    const line = 'x'.repeat(900);
    const text = `n,t\n${Array.from({ length: 150 }, (_, i) => `${String(i)},${line}`).join('\n')}`;
    const seen: Json[] = [];
    for (let next: number | null = 1; next !== null;) {
      const piece = (await rows(text, { from_row: next, max_rows: 1_000 })) as {
        rows: Json[][];
        next_row: number | null;
      };
      seen.push(...piece.rows.map(([n]) => n ?? null));
      next = piece.next_row;
    }
    expect(seen).toEqual(Array.from({ length: 150 }, (_, i) => String(i)));
  });

  it('knows its columns', async () => {
    await expect(rows('a,b\n1,2', { columns: ['z'] })).rejects.toEqual(refusal('COLUMN_NOT_FOUND'));
    await expect(rows('')).rejects.toEqual(refusal('CSV_EMPTY'));
  });
});
