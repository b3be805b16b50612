-- The tables at version 0003 for a new SQLite file; a test compares them with what the migrations make.
BEGIN IMMEDIATE;
CREATE TABLE alembic_version (
  version_num VARCHAR(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE judgement (
  answer_id VARCHAR(64) NOT NULL,
  created DATETIME NOT NULL,
  rating VARCHAR(4) NOT NULL,
  remark TEXT,
  question TEXT,
  site VARCHAR(64),
  PRIMARY KEY (answer_id)
);
CREATE INDEX ix_judgement_created ON judgement (created);
CREATE TABLE suggestion (
  id VARCHAR(32) NOT NULL,
  created DATETIME NOT NULL,
  text TEXT NOT NULL,
  factsheet VARCHAR(200),
  contact VARCHAR(200),
  site VARCHAR(64),
  PRIMARY KEY (id)
);
CREATE INDEX ix_suggestion_created ON suggestion (created);
CREATE TABLE answer_count (
  day DATE NOT NULL,
  status TEXT NOT NULL,
  engine TEXT NOT NULL,
  fallback_reason TEXT NOT NULL,
  factsheet TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (day, status, engine, fallback_reason, factsheet)
);
CREATE TABLE item_count (
  day DATE NOT NULL,
  item_id TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (day, item_id)
);
CREATE TABLE cost_count (
  day DATE NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (day)
);
CREATE TABLE kept_question (
  id VARCHAR(32) NOT NULL,
  created DATETIME NOT NULL,
  text TEXT NOT NULL,
  status TEXT NOT NULL,
  engine TEXT NOT NULL,
  item_ids TEXT NOT NULL,
  factsheet TEXT,
  site VARCHAR(64),
  PRIMARY KEY (id)
);
CREATE INDEX ix_kept_question_created ON kept_question (created);
INSERT INTO alembic_version VALUES ('0003');
COMMIT;
