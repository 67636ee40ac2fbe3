import { SETTINGS_CATALOGUE } from './catalogue.js';
import { SETTINGS_PREFIX } from './setting.js';
import { type SettingsDefinition } from './settings.js';

const INTRO = `# Settings

Generated from \`packages/platform/src/config/catalogue.ts\`; do not edit. Rewrite it with
\`pnpm --filter @aumos/agf-platform settings:page\`.

Every app reads its settings from the environment once, at its start, and names all that is wrong at once. An empty
variable counts as one that is not set. A fallback is a platform-wide name that is read where the own one is not set.
`;

type Row = [variable: string, type: string, byDefault: string, fallback: string, meaning: string];

const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|');

function row(each: SettingsDefinition[string]): Row {
  const given = each.defaultText === '' ? 'empty' : each.defaultText === undefined ? '–' : code(each.defaultText);
  return [
    code(SETTINGS_PREFIX + each.name),
    each.allowed,
    each.required ? '**required**' : given,
    each.fallbacks.map((fallback) => code(fallback.shown)).join(', ') || '–',
    each.description,
  ];
}

/** Columns as wide as their widest cell: the way the formatter leaves them. */
function table(rows: string[][]): string {
  const cells = rows.map((each) => each.map(cell));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((each) => each[column]?.length ?? 0)));
  const line = (each: string[]): string => `| ${each.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** The page docs/reference/settings.md: every setting there is, a table a group. */
export function renderSettingsPage(): string {
  const head = ['Variable', 'Value', 'Default', 'Fallback', 'Meaning'];
  const sections = Object.entries(SETTINGS_CATALOGUE).map(
    ([title, group]) => `\n## ${title}\n\n${table([head, ...Object.values(group).map(row)])}\n`,
  );
  return INTRO + sections.join('');
}
