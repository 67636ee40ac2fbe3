import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { renderSettingsPage, SETTINGS_CATALOGUE } from '../src/index.js';

describe('the page of settings', () => {
  it('is up to date: `pnpm --filter @aumos/agf-platform settings:page`', () => {
    const committed = readFileSync(new URL('../../../docs/reference/settings.md', import.meta.url), 'utf8');
    expect(committed).toBe(renderSettingsPage());
  });

  it('has every setting once', () => {
    const page = renderSettingsPage();
    for (const group of Object.values(SETTINGS_CATALOGUE))
      for (const { name } of Object.values(group)) expect(page.split(`\`AUMOS_AGF_${name}\``)).toHaveLength(2);
  });
});
