// What an insert of a file takes: all of its rows, or those that are wanted and not there yet.

import { sqlTexts } from '../lib/sql-text.ts'
import type { FileInsert, UnlessStored } from '../model/store-connection.ts'

type Insert = Pick<FileInsert, 'table' | 'columns' | 'without' | 'unless'>

/** The query behind `INSERT INTO table (columns)`. `file`: a table function that gives the rows of the file. */
export function insertSource(insert: Insert, file: string): string {
  const { without, unless } = insert
  const where = without === undefined ? '' : ` WHERE streamId NOT IN ${sqlTexts(without.streamIds)}`
  return unless === undefined ? `SELECT * FROM ${file}${where}` : newRows(insert, unless, `${file}${where}`)
}

/** Rows are counted where they may be, and kept as hashes: their texts would fill the memory. */
function newRows({ table, columns }: Insert, unless: UnlessStored, rows: string): string {
  const { copyColumn, equalBy, among } = unless
  const names = equalBy.map((_, at) => `equal${at}`)
  const keys = equalBy.map((expression, at) => `${expression} AS ${names[at]}`).join(', ')
  const chosen = columns.map(name => `fresh.${name}`).join(', ')
  return `SELECT ${chosen} FROM (SELECT *, ${keys} FROM ${rows}) AS fresh
LEFT JOIN (SELECT ${keys}, count() AS stored FROM ${table} WHERE ${among} GROUP BY ${names.join(', ')}) AS known
USING (${names.join(', ')})
WHERE fresh.${copyColumn} > known.stored`
}

/** Where a body that is sent with the statement has rows of a file, their columns have to be named. */
export const structureOf = ({ without, unless }: Insert): string | null =>
  unless?.structure ?? without?.structure ?? null
