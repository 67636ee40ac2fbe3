import { type Addresses } from '../services/services.js';
import { readJson, writeJson } from '../state/json-file.js';
import { type AppName } from './app-settings.js';

/** `.agf/local.json`: where everything is. Its URLs survive restarts, its process ids follow them. */
export interface LocalFile extends Addresses {
  gateway: string;
  issuer: string;
  /** an administrator's URL of the platform's database */
  postgres: string;
  /** an administrator's URL of the tenants' own database, a schema a tenant */
  warehouse: string;
  apps: Record<AppName, { url: string; pid: number }>;
}

/** Replaced by rename; readable by its owner alone, for it holds passwords. */
export const writeLocal = (file: string, local: LocalFile): void => {
  writeJson(file, local, 0o600);
};

/** @returns undefined when no system was started here */
export const readLocal = (file: string): LocalFile | undefined => readJson(file) as LocalFile | undefined;
