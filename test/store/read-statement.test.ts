import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspectStatement } from '../../src/store/read-statement.ts'

const told = (sql: string): string => {
  const statement = inspectStatement(sql)
  return statement.kind === 'refused' ? `refused ${statement.reason}` : `${statement.kind} ${statement.format ?? '-'}`
}

const is = (sql: string, expected: string): void =>
  void test(`${JSON.stringify(sql)}: ${expected}`, () => assert.equal(told(sql), expected))

is('SELECT 1', 'rows -')
is('  /* a */ select 1;  -- done', 'rows -')
is('WITH 1 AS a SELECT a', 'rows -')
is('FROM t SELECT 1', 'rows -')
is('(SELECT 1) UNION ALL (SELECT 2)', 'rows -')
is('SELECT 1 FORMAT CSV', 'rows CSV')
is('SELECT 1 format JSONEachRow;', 'rows JSONEachRow')
is('SELECT 1 FORMAT CSV SETTINGS max_threads = 1', 'rows CSV')
is('SELECT format FROM t', 'rows -')
is('SELECT (SELECT 1 AS format) FORMAT TSV', 'rows TSV')
is("SELECT 'FORMAT CSV'", 'rows -')
is('SELECT 1 AS `FORMAT CSV`', 'rows -')
is('SHOW TABLES', 'description -')
is('DESCRIBE TABLE invocations', 'description -')
is('EXPLAIN indexes = 1 SELECT 1', 'description -')
is('EXISTS TABLE t', 'description -')
is('', 'refused nothing')
is(' ; -- nothing', 'refused nothing')
is('SELECT 1; SELECT 2', 'refused several')
is("SELECT ';'", 'rows -')
is('SELECT $$;$$', 'rows -')
is("SELECT 1 INTO OUTFILE '/tmp/x'", 'refused outfile')
is("SELECT 1 INTO/**/OUTFILE '/tmp/x'", 'refused outfile')
is("SELECT 'INTO OUTFILE'", 'rows -')
is('INSERT INTO t SELECT 1', 'refused otherStatement')
is('EXPLAIN INSERT INTO t VALUES (1)', 'refused otherStatement')
is('DROP TABLE t', 'refused otherStatement')
is('SET readonly = 0', 'refused otherStatement')
is('SYSTEM SHUTDOWN', 'refused otherStatement')
is('USE system', 'refused otherStatement')
is('-- SELECT\nALTER TABLE t DELETE WHERE 1', 'refused otherStatement')
is("SELECT 'it''s; \\'", 'rows -')
is('SELECT 1 # comment; DROP', 'rows -')
