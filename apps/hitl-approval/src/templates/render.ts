import type { MessageData } from '@aumos/agf-domain';
import Mustache from 'mustache';

/** What a template may name. Each is a text: a section of one is shown once, or not at all. */
const SAMPLE: Record<keyof TemplateView, true> = {
  approval_id: true,
  execution_id: true,
  workflow_id: true,
  workflow_name: true,
  node: true,
  gate_name: true,
  tool: true,
  action_description: true,
  privilege_level: true,
  approvals_required: true,
  payload_hash: true,
  status: true,
  requested_by: true,
  decided_by: true,
  decision_notes: true,
  expires_at: true,
  to_subs: true,
  to_roles: true,
  link: true,
};
export const TEMPLATE_NAMES = Object.keys(SAMPLE).sort();
const NAMES: ReadonlySet<string> = new Set(TEMPLATE_NAMES);

type TemplateView = { [K in keyof KnownMembers]: string } & { link: string };
/** Without the index signature. */
type KnownMembers = { [K in keyof MessageData as string extends K ? never : K]: true };

export type Escape = (value: string) => string;

/** Nothing of a value but its text: no line is ended by what ends none here. */
export const escapePlain: Escape = (value) =>
  // eslint-disable-next-line no-control-regex
  value.replace(/[\u0000-\u0008\u000b-\u001f\u007f\u2028\u2029]/g, ' ');

/** A value mentions nobody and makes no link. Source: Slack, "Escaping text" */
export const escapeSlack: Escape = (value) =>
  escapePlain(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Values for a template. @param link null: there is none */
export const templateView = (data: MessageData, link: string | null): TemplateView =>
  Object.fromEntries(
    TEMPLATE_NAMES.map((name) => [name, name === 'link' ? (link ?? '') : textOf(data[name])]),
  ) as TemplateView;

const textOf = (value: MessageData[string] | undefined): string => {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** A writer of its own: what tenants write is not kept in a cache of the process. */
export const render = (template: string, view: TemplateView, escape: Escape): string =>
  new Mustache.Writer().render(template, view, undefined, { escape: (value: unknown) => escape(String(value)) });

/** What is wrong with a template, or null: values, sections and comments are all that it may have, of names there are. */
export function templateProblem(template: string): string | null {
  let spans: Span[];
  try {
    spans = new Mustache.Writer().parse(template) as Span[];
  } catch (error) {
    return (error as Error).message;
  }
  return problemOf(spans);
}

type Span = [type: string, value: string, start: number, end: number, inner?: Span[] | string];

function problemOf(spans: Span[]): string | null {
  for (const [type, value, , , inner] of spans) {
    if (type === 'text' || type === '!') continue;
    if (type === '&') return `{{${value}}} would not be escaped`;
    if (type !== 'name' && type !== '#' && type !== '^') return 'has partials or other tags, which there are not';
    if (!NAMES.has(value)) return `names ${value}, which there is not`;
    const below = Array.isArray(inner) ? problemOf(inner) : null;
    if (below !== null) return below;
  }
  return null;
}
