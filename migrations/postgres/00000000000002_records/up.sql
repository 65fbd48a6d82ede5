-- What changed at which policy version, so that a decision point catches up instead of reading everything again.
-- kind: 1 everything, 2 guests let in or not, 3 role, 4 profile, 5 object, 6 user. id names the thing (the org for 1, 2).
CREATE TABLE policy_changes (
  org_id UUID NOT NULL REFERENCES orgs (id),
  version BIGINT NOT NULL,
  kind SMALLINT NOT NULL CHECK (kind BETWEEN 1 AND 6),
  id UUID NOT NULL,
  PRIMARY KEY (org_id, version, kind, id)
);

-- Custom objects. ownership_generation says which rows of record_owners hold; next_field numbers fields, never twice.
CREATE TABLE objects (
  org_id UUID NOT NULL REFERENCES orgs (id),
  id UUID NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  singular TEXT NOT NULL,
  plural TEXT NOT NULL,
  next_field SMALLINT NOT NULL CHECK (next_field > 0),
  ownership_generation SMALLINT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, id),
  CONSTRAINT objects_key_key UNIQUE (org_id, key)
);

-- What changes with nearly every record: how many there are, and a number that grows whenever a record comes, goes or
-- changes owners.
CREATE TABLE object_tallies (
  org_id UUID NOT NULL,
  object_id UUID NOT NULL,
  records BIGINT NOT NULL CHECK (records >= 0),
  owners_version BIGINT NOT NULL,
  PRIMARY KEY (org_id, object_id),
  FOREIGN KEY (org_id, object_id) REFERENCES objects (org_id, id)
);

-- kind: 1 text, 2 number, 3 boolean, 4 date, 5 date_time, 6 choice, 7 multi_choice, 8 email, 9 url, 10 phone,
-- 11 currency, 12 percentage, 13 user, 14 record.
CREATE TABLE object_fields (
  org_id UUID NOT NULL,
  object_id UUID NOT NULL,
  number SMALLINT NOT NULL CHECK (number > 0),
  key TEXT COLLATE "C" NOT NULL,
  label TEXT NOT NULL,
  help TEXT,
  kind SMALLINT NOT NULL CHECK (kind BETWEEN 1 AND 14),
  place SMALLINT NOT NULL,
  required BOOLEAN NOT NULL,
  is_unique BOOLEAN NOT NULL,
  represents_ownership BOOLEAN NOT NULL,
  options JSONB,
  default_value JSONB,
  target_object_id UUID,
  PRIMARY KEY (org_id, object_id, number),
  CONSTRAINT object_fields_key_key UNIQUE (org_id, object_id, key),
  FOREIGN KEY (org_id, object_id) REFERENCES objects (org_id, id),
  FOREIGN KEY (org_id, target_object_id) REFERENCES objects (org_id, id),
  CHECK ((kind = 14) = (target_object_id IS NOT NULL)),
  CHECK ((kind IN (6, 7)) = (options IS NOT NULL)),
  CHECK (kind = 13 OR NOT represents_ownership)
);
CREATE INDEX object_fields_by_target ON object_fields (org_id, target_object_id) WHERE target_object_id IS NOT NULL;

-- The level of each action, 0 none to 4 anyone. No row: none everywhere. Admin has no rows.
CREATE TABLE object_permissions (
  org_id UUID NOT NULL,
  profile_id UUID NOT NULL,
  object_id UUID NOT NULL,
  view_level SMALLINT NOT NULL CHECK (view_level BETWEEN 0 AND 4),
  edit_level SMALLINT NOT NULL CHECK (edit_level BETWEEN 0 AND 4),
  delete_level SMALLINT NOT NULL CHECK (delete_level BETWEEN 0 AND 4),
  create_level SMALLINT NOT NULL CHECK (create_level BETWEEN 0 AND 4),
  version BIGINT NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, profile_id, object_id),
  FOREIGN KEY (org_id, profile_id) REFERENCES profiles (org_id, id),
  FOREIGN KEY (org_id, object_id) REFERENCES objects (org_id, id)
);
CREATE INDEX object_permissions_by_object ON object_permissions (org_id, object_id);

-- values_doc: field number -> value. sort_keys: field number -> the text by which the value is compared, in byte order.
CREATE TABLE records (
  org_id UUID NOT NULL,
  object_id UUID NOT NULL,
  id UUID NOT NULL,
  external_id TEXT COLLATE "C",
  values_doc JSONB NOT NULL,
  sort_keys JSONB NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, object_id, id),
  FOREIGN KEY (org_id, object_id) REFERENCES objects (org_id, id)
);
CREATE UNIQUE INDEX records_external_id_key ON records (org_id, object_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX records_by_created ON records (org_id, object_id, created_at, id);
CREATE INDEX records_by_updated ON records (org_id, object_id, updated_at, id);

-- Who owns what. created_at is the record's. Rows of another generation than the object's are being made or cleared.
CREATE TABLE record_owners (
  org_id UUID NOT NULL,
  object_id UUID NOT NULL,
  generation SMALLINT NOT NULL,
  record_id UUID NOT NULL,
  owner_id UUID NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, object_id, record_id, generation, owner_id),
  FOREIGN KEY (org_id, object_id, record_id) REFERENCES records (org_id, object_id, id),
  FOREIGN KEY (org_id, owner_id) REFERENCES users (org_id, id)
);
CREATE INDEX record_owners_by_created ON record_owners (org_id, object_id, generation, created_at, record_id, owner_id);
CREATE INDEX record_owners_by_owner ON record_owners (org_id, owner_id, object_id, generation, created_at, record_id);

CREATE TABLE record_unique_values (
  org_id UUID NOT NULL,
  object_id UUID NOT NULL,
  field SMALLINT NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  record_id UUID NOT NULL,
  CONSTRAINT record_unique_values_key PRIMARY KEY (org_id, object_id, field, value),
  FOREIGN KEY (org_id, object_id, record_id) REFERENCES records (org_id, object_id, id)
);
CREATE INDEX record_unique_values_by_record ON record_unique_values (org_id, object_id, record_id);

-- Work on every record of an object that is too long for one transaction. kind: 1 derive owners anew, 2 erase the values
-- of a removed field, 3 clear the owners of an earlier generation.
CREATE TABLE object_tasks (
  org_id UUID NOT NULL,
  object_id UUID NOT NULL,
  id UUID NOT NULL,
  kind SMALLINT NOT NULL CHECK (kind BETWEEN 1 AND 3),
  detail JSONB NOT NULL,
  after_record UUID,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (org_id, object_id, id),
  FOREIGN KEY (org_id, object_id) REFERENCES objects (org_id, id)
);
CREATE UNIQUE INDEX object_tasks_one_ownership_change ON object_tasks (org_id, object_id) WHERE kind = 1;
CREATE INDEX object_tasks_by_age ON object_tasks (created_at);
