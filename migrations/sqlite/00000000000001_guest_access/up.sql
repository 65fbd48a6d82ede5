-- PostgreSQL holds no NUL in a text; the `char(0)` checks refuse it here too.

-- Instance-wide keys: the one table that belongs to no org.
CREATE TABLE server_secrets (
  name TEXT NOT NULL PRIMARY KEY,
  secret BLOB NOT NULL,
  CHECK (instr(name, char(0)) = 0)
) STRICT;

CREATE TABLE orgs (
  id BLOB NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  password_policy TEXT NOT NULL CHECK (json_valid(password_policy)),
  claim_link_ttl_hours INTEGER NOT NULL CHECK (claim_link_ttl_hours BETWEEN 1 AND 168),
  guest_max_days INTEGER NOT NULL CHECK (guest_max_days BETWEEN 1 AND 90),
  session_hours INTEGER NOT NULL CHECK (session_hours BETWEEN 1 AND 720),
  guests_may_use_passwords INTEGER NOT NULL CHECK (guests_may_use_passwords IN (0, 1)),
  guest_access INTEGER NOT NULL CHECK (guest_access IN (0, 1)),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT orgs_slug_key UNIQUE (slug),
  CHECK (instr(coalesce(slug, ''), char(0)) = 0
    AND instr(coalesce(name, ''), char(0)) = 0
    AND instr(coalesce(time_zone, ''), char(0)) = 0)
) STRICT;

-- What changes with nearly every transaction of an org, apart from its settings.
CREATE TABLE org_versions (
  org_id BLOB NOT NULL PRIMARY KEY REFERENCES orgs (id),
  policy_version INTEGER NOT NULL,
  audit_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE profiles (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  id BLOB NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  built_in INTEGER CHECK (built_in IN (1, 2)),
  capabilities INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT profiles_name_key UNIQUE (org_id, name_key),
  CHECK (instr(name, char(0)) = 0)
) STRICT;
CREATE UNIQUE INDEX profiles_built_in_key ON profiles (org_id, built_in) WHERE built_in IS NOT NULL;

-- enter_label and exit_label number a walk through the forest: a role's descendants are those
-- whose enter_label lies strictly inside its own interval.
CREATE TABLE roles (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  id BLOB NOT NULL,
  parent_id BLOB,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  external_id TEXT,
  enter_label INTEGER NOT NULL,
  exit_label INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, parent_id) REFERENCES roles (org_id, id),
  CHECK (parent_id <> id),
  CHECK (instr(coalesce(name, ''), char(0)) = 0 AND instr(coalesce(external_id, ''), char(0)) = 0)
) STRICT;
CREATE INDEX roles_by_parent ON roles (org_id, parent_id);
CREATE INDEX roles_by_label ON roles (org_id, enter_label);
CREATE UNIQUE INDEX roles_external_id_key ON roles (org_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE licenses (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  id BLOB NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  seats INTEGER NOT NULL CHECK (seats >= 0),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT licenses_name_key UNIQUE (org_id, name_key),
  CHECK (instr(name, char(0)) = 0)
) STRICT;

-- Which kind of user an email address was ever used by. Outlives the user.
CREATE TABLE email_reservations (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  email_hash BLOB NOT NULL,
  kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
  PRIMARY KEY (org_id, email_hash)
) STRICT;

-- kind: 1 standard, 2 guest. sign_in: 1 password, 2 sso.
CREATE TABLE users (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  id BLOB NOT NULL,
  kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  first_name_key TEXT NOT NULL,
  last_name_key TEXT NOT NULL,
  email TEXT,
  email_canonical TEXT,
  email_hash BLOB NOT NULL,
  profile_id BLOB,
  role_id BLOB,
  license_id BLOB,
  external_id TEXT,
  sign_in INTEGER NOT NULL CHECK (sign_in IN (1, 2)),
  locale TEXT,
  time_zone TEXT,
  notifications TEXT NOT NULL CHECK (json_valid(notifications)),
  claimed_at INTEGER,
  last_sign_in_at INTEGER,
  deactivated_at INTEGER,
  deleted_at INTEGER,
  access_epoch INTEGER NOT NULL,
  link_epoch INTEGER NOT NULL,
  access_ends_on TEXT,
  access_ends_at INTEGER,
  revoked_at INTEGER,
  revoked_by BLOB,
  revoke_reason TEXT,
  sponsor_id BLOB,
  sponsor_missing INTEGER NOT NULL CHECK (sponsor_missing IN (0, 1)),
  reason TEXT,
  expiry_due_at INTEGER,
  week_reminder_due_at INTEGER,
  day_reminder_due_at INTEGER,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, profile_id) REFERENCES profiles (org_id, id),
  FOREIGN KEY (org_id, role_id) REFERENCES roles (org_id, id),
  FOREIGN KEY (org_id, license_id) REFERENCES licenses (org_id, id),
  FOREIGN KEY (org_id, sponsor_id) REFERENCES users (org_id, id),
  FOREIGN KEY (org_id, revoked_by) REFERENCES users (org_id, id),
  CHECK ((kind = 2) = (access_ends_at IS NOT NULL)),
  CHECK ((kind = 2) = (access_ends_on IS NOT NULL)),
  CHECK (kind = 2 OR (revoked_at IS NULL AND sponsor_id IS NULL AND expiry_due_at IS NULL)),
  CHECK (kind = 1 OR deactivated_at IS NULL),
  CHECK ((deleted_at IS NULL) = (email IS NOT NULL)),
  CHECK ((deleted_at IS NULL) = (email_canonical IS NOT NULL)),
  CHECK ((deleted_at IS NULL) = (profile_id IS NOT NULL)),
  CHECK (instr(coalesce(first_name, ''), char(0)) = 0
    AND instr(coalesce(last_name, ''), char(0)) = 0
    AND instr(coalesce(email, ''), char(0)) = 0
    AND instr(coalesce(email_canonical, ''), char(0)) = 0
    AND instr(coalesce(external_id, ''), char(0)) = 0
    AND instr(coalesce(locale, ''), char(0)) = 0
    AND instr(coalesce(time_zone, ''), char(0)) = 0
    AND instr(coalesce(revoke_reason, ''), char(0)) = 0
    AND instr(coalesce(reason, ''), char(0)) = 0)
) STRICT;
CREATE UNIQUE INDEX users_email_key ON users (org_id, email_canonical) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_external_id_key ON users (org_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX users_by_created ON users (org_id, kind, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_end ON users (org_id, kind, access_ends_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_last_name ON users (org_id, kind, last_name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_role ON users (org_id, role_id, id) WHERE role_id IS NOT NULL;
CREATE INDEX users_by_profile ON users (org_id, profile_id) WHERE profile_id IS NOT NULL;
CREATE INDEX users_by_license ON users (org_id, license_id) WHERE license_id IS NOT NULL;
CREATE INDEX users_by_sponsor ON users (org_id, sponsor_id) WHERE sponsor_id IS NOT NULL;
CREATE INDEX users_expiry_due ON users (expiry_due_at) WHERE expiry_due_at IS NOT NULL;
CREATE INDEX users_week_reminder_due ON users (week_reminder_due_at) WHERE week_reminder_due_at IS NOT NULL;
CREATE INDEX users_day_reminder_due ON users (day_reminder_due_at) WHERE day_reminder_due_at IS NOT NULL;

CREATE TABLE credentials (
  org_id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  password_hash TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  failed_attempts INTEGER NOT NULL,
  locked_until INTEGER,
  PRIMARY KEY (org_id, user_id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id),
  CHECK (instr(password_hash, char(0)) = 0)
) STRICT;

-- A session lives while its access_epoch is its user's.
CREATE TABLE sessions (
  org_id BLOB NOT NULL,
  id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  token_hash BLOB NOT NULL,
  access_epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT sessions_token_key UNIQUE (org_id, token_hash),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
) STRICT;
CREATE INDEX sessions_by_user ON sessions (org_id, user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- kind: 1 of a user (lives while its access_epoch is the user's), 2 of a service (no user).
CREATE TABLE api_tokens (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  id BLOB NOT NULL,
  kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
  user_id BLOB,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  scopes INTEGER NOT NULL,
  token_hash BLOB NOT NULL,
  access_epoch INTEGER NOT NULL,
  created_by BLOB,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (org_id, id),
  CONSTRAINT api_tokens_token_key UNIQUE (org_id, token_hash),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id),
  FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id),
  CHECK ((kind = 1) = (user_id IS NOT NULL)),
  CHECK (instr(name, char(0)) = 0)
) STRICT;
CREATE INDEX api_tokens_by_user ON api_tokens (org_id, user_id);
CREATE INDEX api_tokens_by_expiry ON api_tokens (expires_at) WHERE expires_at IS NOT NULL;

-- purpose: 1 claim, 2 password reset. A link is usable while both epochs are its user's.
CREATE TABLE one_time_links (
  org_id BLOB NOT NULL,
  id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  purpose INTEGER NOT NULL CHECK (purpose IN (1, 2)),
  token_hash BLOB NOT NULL,
  access_epoch INTEGER NOT NULL,
  link_epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (org_id, id),
  CONSTRAINT one_time_links_token_key UNIQUE (org_id, token_hash),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
) STRICT;
CREATE INDEX one_time_links_by_user ON one_time_links (org_id, user_id);
CREATE INDEX one_time_links_by_expiry ON one_time_links (expires_at);

-- state: 1 pending, 2 sent, 3 given up, 4 no longer wanted.
CREATE TABLE outbox (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  id BLOB NOT NULL,
  user_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  lease BLOB,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id),
  CHECK (instr(last_error, char(0)) = 0)
) STRICT;
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE state = 1;
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;

-- Append-only. actor_kind: 1 user, 2 service token, 3 system.
CREATE TABLE audit_events (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  seq INTEGER NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL CHECK (actor_kind BETWEEN 1 AND 3),
  actor_id BLOB,
  on_behalf_of BLOB,
  action TEXT NOT NULL,
  target_type TEXT,
  target_id BLOB,
  changes TEXT NOT NULL CHECK (json_valid(changes)),
  request_id TEXT,
  PRIMARY KEY (org_id, seq),
  CONSTRAINT audit_events_id_key UNIQUE (org_id, id),
  CHECK (instr(coalesce(action, ''), char(0)) = 0
    AND instr(coalesce(target_type, ''), char(0)) = 0
    AND instr(coalesce(request_id, ''), char(0)) = 0)
) STRICT;
CREATE INDEX audit_events_by_actor ON audit_events (org_id, actor_id, seq);
CREATE INDEX audit_events_by_target ON audit_events (org_id, target_id, seq);
CREATE INDEX audit_events_by_action ON audit_events (org_id, action, seq);
CREATE INDEX audit_events_by_time ON audit_events (org_id, at);
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
  BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
  BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;

-- The first answer to a POST that carried an Idempotency-Key, sealed under that key.
CREATE TABLE idempotency_keys (
  org_id BLOB NOT NULL REFERENCES orgs (id),
  actor_id BLOB NOT NULL,
  route TEXT NOT NULL,
  key_hash BLOB NOT NULL,
  body_hash BLOB NOT NULL,
  answer BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (org_id, actor_id, route, key_hash),
  CHECK (instr(route, char(0)) = 0)
) STRICT;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
