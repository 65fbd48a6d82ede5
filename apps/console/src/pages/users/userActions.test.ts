import { expect, test } from 'vitest';
import type { Profile, Session, User } from '../../api/schema';
import { actionsFor, mayAdminister } from './userActions';

const user = (more: Partial<User>) =>
  ({ status: 'active', sign_in: 'password', profile_id: 'p', ...more }) as User;
const profile = (more: Partial<Profile>) =>
  ({ id: 'p', built_in: null, capabilities: [], ...more }) as Profile;
const manager = (capabilities: string[], built_in: string | null = null) =>
  ({ capabilities, profile: { built_in } }) as unknown as Session;

test('claim links are for people who have not claimed, unlocking is for those who are locked', () => {
  expect(actionsFor(user({ status: 'invited' }))).toContain('copy-link');
  expect(actionsFor(user({}))).not.toContain('resend');
  expect(actionsFor(user({}))).not.toContain('unlock');
  expect(actionsFor(user({ locked_until: '2026-06-10T12:15:00Z' }))[0]).toBe('unlock');
});

test('a deactivated user can be activated, and not deactivated again', () => {
  const actions = actionsFor(user({ status: 'deactivated' }));
  expect(actions).toContain('activate');
  expect(actions).not.toContain('deactivate');
});

test('nobody administers a person who holds more than they do', () => {
  const auditor = profile({ capabilities: ['view_audit'] });
  expect(mayAdminister(manager(['manage_users']), [auditor], user({}))).toBe(false);
  expect(mayAdminister(manager(['manage_users', 'view_audit']), [auditor], user({}))).toBe(true);
  expect(mayAdminister(manager(['view_audit']), [auditor], user({}))).toBe(false);
});

test('admins are administered by admins only', () => {
  const admin = profile({ built_in: 'admin', capabilities: ['manage_users'] });
  expect(mayAdminister(manager(['manage_users']), [admin], user({}))).toBe(false);
  expect(mayAdminister(manager(['manage_users'], 'admin'), [admin], user({}))).toBe(true);
});
