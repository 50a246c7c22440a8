/** The licences of what was bundled, as its authors ask: each package with its name, version and texts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** `…/node_modules/@scope/name/` or `…/node_modules/name/`, the innermost. */
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/

/**
 * @param {readonly string[]} modules paths of the files that were bundled; ours are left out
 * @returns {string}
 * @throws {Error} where a package does not say under which licence it stands
 */
export function noticesOf(modules) {
  const folders = new Set(modules.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []))
  const notices = [...folders].map(noticeOf).sort((one, other) => (one.title < other.title ? -1 : 1))
  const lines = notices.map(({ title, texts }) => [title, '='.repeat(title.length), ...texts].join('\n\n'))
  return `This package contains software of others, under the licences below.\n\n${lines.join('\n\n\n')}\n`
}

/** @param {string} folder */
function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (typeof license !== 'string') throw new Error(`${name} does not name its licence`)
  const by = typeof author === 'string' ? author : author?.name
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file))
  const texts = files.filter((file) => existsSync(join(folder, file))).map((file) => textIn(folder, file))
  const said = [`License: ${license}`, ...(by === undefined ? [] : [`Author: ${by}`])].join('\n')
  return { title: `${name} ${version}`, texts: [said, ...texts] }
}

/**
 * @param {string} folder
 * @param {string} file
 */
function textIn(folder, file) {
  return readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
}
