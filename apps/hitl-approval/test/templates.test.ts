import { type MessageKind } from '@aumos/agf-domain';
import { describe, expect, it } from '@jest/globals';
import { testMessage } from '../src/sending/message-of.js';
import { DEFAULT_WORDS } from '../src/templates/defaults.js';
import { escapePlain, escapeSlack, render, templateProblem, templateView } from '../src/templates/render.js';

const { data } = testMessage('c', new Date(0));
const view = (over: object = {}, link: string | null = null) => templateView({ ...data, ...over }, link);

describe('a template', () => {
  it.each([
    ['{{action_description}} by {{requested_by}}'],
    ['{{#link}}{{link}}{{/link}}{{^link}}none{{/link}}{{! why }}'],
    ['no values at all'],
  ])('may be %s', (template) => {
    expect(templateProblem(template)).toBeNull();
  });

  it.each([
    ['{{{action_description}}}', /escaped/],
    ['{{&action_description}}', /escaped/],
    ['{{>partial}}', /partials/],
    ['{{=<% %>=}}<% action_description %>', /partials or other tags/],
    ['{{constructor}}', /names constructor/],
    ['{{__proto__}}', /names __proto__/],
    ['{{action_description.length}}', /names action_description.length/],
    ['{{.}}', /names \./],
    ['{{#link}}{{nobody}}{{/link}}', /names nobody/],
    ['{{#link}}', /Unclosed section/],
    ['{{/link}}', /Unopened section/],
    ['{{link', /Unclosed tag/],
  ])('may not be %s', (template, problem) => {
    expect(templateProblem(template)).toMatch(problem);
  });

  it('shows a section of a text once, or not at all', () => {
    const template = '{{#link}}[{{link}}]{{/link}}{{#tool}}no{{/tool}}{{to_subs}}';
    expect(render(template, view({ to_subs: ['a', 'b'] }, 'u'), escapePlain)).toBe('[u]a, b');
  });

  it('mentions nobody in Slack by a value, and says what it says by itself', () => {
    const said = render(
      '<!here> {{action_description}}',
      view({ action_description: '<!channel> & <x|y>' }),
      escapeSlack,
    );
    expect(said).toBe('<!here> &lt;!channel&gt; &amp; &lt;x|y&gt;');
  });

  it('has no control characters of a value in a mail, and no template of a value is one', () => {
    const text = 'a\u0000b\u001b[31m\r{{requested_by}}';
    expect(render('{{action_description}}', view({ action_description: text }), escapePlain)).toBe(
      'a b [31m {{requested_by}}',
    );
  });

  it.each(Object.keys(DEFAULT_WORDS) as MessageKind[])(
    'of the platform for %s is one that tenants may have',
    (kind) => {
      const { subject, body } = DEFAULT_WORDS[kind];
      expect([templateProblem(subject), templateProblem(body)]).toEqual([null, null]);
      expect(render(body, view({ action_description: 'Do it' }, 'https://l'), escapePlain)).toContain('Do it');
    },
  );
});
