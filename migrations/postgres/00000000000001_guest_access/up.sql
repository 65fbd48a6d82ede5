-- Instance-wide keys: the one table that belongs to no org.
CREATE TABLE server_secrets (
  name TEXT NOT NULL PRIMARY KEY,
  secret BYTEA NOT NULL
);

CREATE TABLE orgs (
  id UUID NOT NULL PRIMARY KEY,
  slug TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  password_policy JSONB NOT NULL,
  claim_link_ttl_hours SMALLINT NOT NULL CHECK (claim_link_ttl_hours BETWEEN 1 AND 168),
  guest_max_days SMALLINT NOT NULL CHECK (guest_max_days BETWEEN 1 AND 90),
  session_hours SMALLINT NOT NULL CHECK (session_hours BETWEEN 1 AND 720),
  guests_may_use_passwords BOOLEAN NOT NULL,
  guest_access BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT orgs_slug_key UNIQUE (slug)
);

-- What changes with nearly every transaction of an org, apart from its settings.
CREATE TABLE org_versions (
  org_id UUID NOT NULL PRIMARY KEY REFERENCES orgs (id),
  policy_version BIGINT NOT NULL,
  audit_seq BIGINT NOT NULL
);

CREATE TABLE profiles (
  org_id UUID NOT NULL REFERENCES orgs (id),
  id UUID NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  built_in SMALLINT CHECK (built_in IN (1, 2)),
  capabilities SMALLINT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT profiles_name_key UNIQUE (org_id, name_key)
);
CREATE UNIQUE INDEX profiles_built_in_key ON profiles (org_id, built_in) WHERE built_in IS NOT NULL;

-- enter_label and exit_label number a walk through the forest: a role's descendants are those
-- whose enter_label lies strictly inside its own interval.
CREATE TABLE roles (
  org_id UUID NOT NULL REFERENCES orgs (id),
  id UUID NOT NULL,
  parent_id UUID,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  external_id TEXT COLLATE "C",
  enter_label INTEGER NOT NULL,
  exit_label INTEGER NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, parent_id) REFERENCES roles (org_id, id),
  CHECK (parent_id <> id)
);
CREATE INDEX roles_by_parent ON roles (org_id, parent_id);
CREATE INDEX roles_by_label ON roles (org_id, enter_label);
CREATE UNIQUE INDEX roles_external_id_key ON roles (org_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE licenses (
  org_id UUID NOT NULL REFERENCES orgs (id),
  id UUID NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  seats INTEGER NOT NULL CHECK (seats >= 0),
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT licenses_name_key UNIQUE (org_id, name_key)
);

-- Which kind of user an email address was ever used by. Outlives the user.
CREATE TABLE email_reservations (
  org_id UUID NOT NULL REFERENCES orgs (id),
  email_hash BYTEA NOT NULL,
  kind SMALLINT NOT NULL CHECK (kind IN (1, 2)),
  PRIMARY KEY (org_id, email_hash)
);

-- kind: 1 standard, 2 guest. sign_in: 1 password, 2 sso.
CREATE TABLE users (
  org_id UUID NOT NULL REFERENCES orgs (id),
  id UUID NOT NULL,
  kind SMALLINT NOT NULL CHECK (kind IN (1, 2)),
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  first_name_key TEXT COLLATE "C" NOT NULL,
  last_name_key TEXT COLLATE "C" NOT NULL,
  email TEXT,
  email_canonical TEXT COLLATE "C",
  email_hash BYTEA NOT NULL,
  profile_id UUID,
  role_id UUID,
  license_id UUID,
  external_id TEXT COLLATE "C",
  sign_in SMALLINT NOT NULL CHECK (sign_in IN (1, 2)),
  locale TEXT,
  time_zone TEXT,
  notifications JSONB NOT NULL,
  claimed_at TIMESTAMPTZ,
  last_sign_in_at TIMESTAMPTZ,
  deactivated_at TIMESTAMPTZ,
  deleted_at TIMESTAMPTZ,
  access_epoch BIGINT NOT NULL,
  link_epoch BIGINT NOT NULL,
  access_ends_on DATE,
  access_ends_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ,
  revoked_by UUID,
  revoke_reason TEXT,
  sponsor_id UUID,
  sponsor_missing BOOLEAN NOT NULL,
  reason TEXT,
  expiry_due_at TIMESTAMPTZ,
  week_reminder_due_at TIMESTAMPTZ,
  day_reminder_due_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
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
  CHECK ((deleted_at IS NULL) = (profile_id IS NOT NULL))
);
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
  org_id UUID NOT NULL,
  user_id UUID NOT NULL,
  password_hash TEXT NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL,
  failed_attempts INTEGER NOT NULL,
  locked_until TIMESTAMPTZ,
  PRIMARY KEY (org_id, user_id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);

-- A session lives while its access_epoch is its user's.
CREATE TABLE sessions (
  org_id UUID NOT NULL,
  id UUID NOT NULL,
  user_id UUID NOT NULL,
  token_hash BYTEA NOT NULL,
  access_epoch BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT sessions_token_key UNIQUE (org_id, token_hash),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX sessions_by_user ON sessions (org_id, user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- kind: 1 of a user (lives while its access_epoch is the user's), 2 of a service (no user).
CREATE TABLE api_tokens (
  org_id UUID NOT NULL REFERENCES orgs (id),
  id UUID NOT NULL,
  kind SMALLINT NOT NULL CHECK (kind IN (1, 2)),
  user_id UUID,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  scopes SMALLINT NOT NULL,
  token_hash BYTEA NOT NULL,
  access_epoch BIGINT NOT NULL,
  created_by UUID,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ,
  PRIMARY KEY (org_id, id),
  CONSTRAINT api_tokens_token_key UNIQUE (org_id, token_hash),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id),
  FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id),
  CHECK ((kind = 1) = (user_id IS NOT NULL))
);
CREATE INDEX api_tokens_by_user ON api_tokens (org_id, user_id);
CREATE INDEX api_tokens_by_expiry ON api_tokens (expires_at) WHERE expires_at IS NOT NULL;

-- purpose: 1 claim, 2 password reset. A link is usable while both epochs are its user's.
CREATE TABLE one_time_links (
  org_id UUID NOT NULL,
  id UUID NOT NULL,
  user_id UUID NOT NULL,
  purpose SMALLINT NOT NULL CHECK (purpose IN (1, 2)),
  token_hash BYTEA NOT NULL,
  access_epoch BIGINT NOT NULL,
  link_epoch BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (org_id, id),
  CONSTRAINT one_time_links_token_key UNIQUE (org_id, token_hash),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX one_time_links_by_user ON one_time_links (org_id, user_id);
CREATE INDEX one_time_links_by_expiry ON one_time_links (expires_at);

-- state: 1 pending, 2 sent, 3 given up, 4 no longer wanted.
CREATE TABLE outbox (
  org_id UUID NOT NULL REFERENCES orgs (id),
  id UUID NOT NULL,
  user_id UUID NOT NULL,
  kind SMALLINT NOT NULL,
  payload JSONB NOT NULL,
  state SMALLINT NOT NULL CHECK (state BETWEEN 1 AND 4),
  attempts INTEGER NOT NULL,
  next_attempt_at TIMESTAMPTZ NOT NULL,
  lease UUID,
  last_error TEXT,
  created_at TIMESTAMPTZ NOT NULL,
  settled_at TIMESTAMPTZ,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id)
);
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE state = 1;
CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;

-- Append-only. actor_kind: 1 user, 2 service token, 3 system.
CREATE TABLE audit_events (
  org_id UUID NOT NULL REFERENCES orgs (id),
  seq BIGINT NOT NULL,
  id UUID NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  actor_kind SMALLINT NOT NULL CHECK (actor_kind BETWEEN 1 AND 3),
  actor_id UUID,
  on_behalf_of UUID,
  action TEXT COLLATE "C" NOT NULL,
  target_type TEXT,
  target_id UUID,
  changes JSONB NOT NULL,
  request_id TEXT,
  PRIMARY KEY (org_id, seq),
  CONSTRAINT audit_events_id_key UNIQUE (org_id, id)
);
CREATE INDEX audit_events_by_actor ON audit_events (org_id, actor_id, seq);
CREATE INDEX audit_events_by_target ON audit_events (org_id, target_id, seq);
CREATE INDEX audit_events_by_action ON audit_events (org_id, action, seq);
CREATE INDEX audit_events_by_time ON audit_events (org_id, at);
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- The first answer to a POST that carried an Idempotency-Key, sealed under that key.
CREATE TABLE idempotency_keys (
  org_id UUID NOT NULL REFERENCES orgs (id),
  actor_id UUID NOT NULL,
  route TEXT NOT NULL,
  key_hash BYTEA NOT NULL,
  body_hash BYTEA NOT NULL,
  answer BYTEA NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, actor_id, route, key_hash)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
