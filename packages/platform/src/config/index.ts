export { Secret } from './secret.js';
export { SETTINGS_PREFIX, type Environment, type Fallback, type Setting, type SettingType } from './setting.js';
export { setting } from './kinds.js';
export { defineSettings, loadSettings, type Settings, type SettingsDefinition } from './settings.js';
export { SettingsError } from './settings-error.js';
export * from './catalogue.js';
export { renderSettingsPage } from './settings-page.js';
export { SETTINGS } from './settings-token.js';
export { breakerConfigOf } from './breaker-config.js';
