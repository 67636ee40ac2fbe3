import { type PrivilegeLevel, type Role } from '@aumos/agf-domain';

/** Fixed, so that tokens, rows and examples agree on every machine. */
export const TENANTS = {
  acme: 'ac3e0000-0000-4000-8000-000000000001',
  globex: '610be000-0000-4000-8000-000000000002',
} as const;
export type TenantName = keyof typeof TENANTS;

export interface Account {
  tenant: TenantName;
  display_name: string;
  roles: readonly Role[];
  privilege_level: PrivilegeLevel;
}

const account = (tenant: TenantName, display_name: string, role: Role, privilege_level: PrivilegeLevel): Account => ({
  tenant,
  display_name,
  roles: [role],
  privilege_level,
});

/** By name, which is the token's `sub` as well. */
export const ACCOUNTS = {
  'acme-admin': account('acme', 'Ada (Acme, admin)', 'admin', 5),
  'acme-developer': account('acme', 'Dana (Acme, developer)', 'developer', 3),
  'acme-viewer': account('acme', 'Vera (Acme, viewer)', 'viewer', 1),
  'acme-approver-1': account('acme', 'Abel (Acme, approver)', 'approver', 4),
  'acme-approver-2': account('acme', 'Beth (Acme, approver)', 'approver', 4),
  'globex-admin': account('globex', 'Gus (Globex, admin)', 'admin', 5),
  'globex-developer': account('globex', 'Greta (Globex, developer)', 'developer', 3),
} as const;
export type AccountName = keyof typeof ACCOUNTS;

export const isAccount = (name: string): name is AccountName => Object.hasOwn(ACCOUNTS, name);

/** A product's own service: client credentials with a secret made on this machine. */
export const SERVICE_CLIENT = 'acme-service';
const SERVICE_ACCOUNT = account('acme', 'Acme service', 'developer', 3);

/** What the platform reads from a token, beside the standard claims. */
export interface PlatformClaims {
  tenant_id: string;
  privilege_level: PrivilegeLevel;
  realm_access: { roles: readonly Role[] };
  preferred_username: string;
  email: string;
  name: string;
}

/** @returns undefined when nobody is called so */
export function claimsOf(name: string): PlatformClaims | undefined {
  const found: Account | undefined = isAccount(name)
    ? ACCOUNTS[name]
    : name === SERVICE_CLIENT
      ? SERVICE_ACCOUNT
      : undefined;
  return (
    found && {
      tenant_id: TENANTS[found.tenant],
      privilege_level: found.privilege_level,
      realm_access: { roles: found.roles },
      preferred_username: name,
      email: `${name}@${found.tenant}.example`,
      name: found.display_name,
    }
  );
}
