// Writes docs/reference/settings.md from the settings' catalogue; run it after a build.
import { mkdir, writeFile } from 'node:fs/promises';
import { renderSettingsPage } from '../dist/index.js';

const page = new URL('../../../docs/reference/settings.md', import.meta.url);
await mkdir(new URL('.', page), { recursive: true });
await writeFile(page, renderSettingsPage());
