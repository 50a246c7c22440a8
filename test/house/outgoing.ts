/** Where code opens a connection, or looks up a name, by itself. */
import { freeNamesIn, type Use } from './free-names.ts'
import { listAt, type Node, nodeAt, nodesOf, type Syntax, textOf } from './syntax.ts'

/** Modules that reach the network, or run what could. Their types do not. */
const MODULES =
  /^(?:node:)?(?:http|https|http2|net|tls|dns|dns\/promises|dgram|inspector|inspector\/promises|child_process|cluster|module|vm)$|^(?:undici|axios|got|node-fetch|cross-fetch|isomorphic-fetch|ky|superagent|ws|needle|request)(?:\/|$)/

/** What they have besides: to be reached, and to look at texts. */
const HARMLESS = new Set([
  'createServer',
  'STATUS_CODES',
  'METHODS',
  'isIP',
  'isIPv4',
  'isIPv6',
  'BlockList',
  'validateHeaderName',
  'validateHeaderValue',
])

/** Globals that do, or make code of a text. */
const GLOBALS = new Set([
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'WebTransport',
  'RTCPeerConnection',
  'importScripts',
  'eval',
  'Function',
])
/** Objects that have them. */
const HOLDERS = new Set(['globalThis', 'global', 'window', 'self', 'navigator'])
const MEMBERS = new Set(['sendBeacon', ...GLOBALS])

/**
 * What a file could reach the network with: names of modules and of globals; empty where it cannot. To
 * listen is not to reach.
 */
export function outgoingIn({ root }: Syntax): readonly string[] {
  const found = [...nodesOf(root).flatMap(moduleIn), ...freeNamesIn(root).flatMap(globalIn)]
  return [...new Set(found)]
}

/** An import of values; what is imported as a type is gone when the code runs. */
function moduleIn(node: Node): readonly string[] {
  const isImport = node.type === 'ImportDeclaration' && node.importKind !== 'type'
  const isOther = /^(?:ImportExpression|ExportAllDeclaration|ExportNamedDeclaration)$/.test(node.type)
  if (!(isImport || (isOther && node.exportKind !== 'type'))) return requiredIn(node)
  const specifiers = listAt(node, 'specifiers')
  const isHarmless = specifiers.length > 0 && specifiers.every(reachesNothing)
  const source = nodeAt(node, 'source')
  // Where a module is worked out while the code runs, nobody can tell which it is.
  const [name] = source === undefined ? [] : isWritten(source) ? textOf(source) : ['import()']
  return name !== undefined && (name === 'import()' || MODULES.test(name)) && !isHarmless ? [name] : []
}

/** Whether a text stands there in full. */
function isWritten(node: Node): boolean {
  return (
    node.type === 'Literal' || (node.type === 'TemplateLiteral' && listAt(node, 'expressions').length === 0)
  )
}

function reachesNothing(specifier: Node): boolean {
  const name = (nodeAt(specifier, 'imported') ?? nodeAt(specifier, 'local'))?.name
  const isNamed = specifier.type === 'ImportSpecifier' || specifier.type === 'ExportSpecifier'
  return (specifier.importKind ?? specifier.exportKind) === 'type' || (isNamed && HARMLESS.has(String(name)))
}

function requiredIn(node: Node): readonly string[] {
  if (node.type !== 'CallExpression') return []
  const name = nodeAt(node, 'callee')?.name ?? nodeAt(nodeAt(node, 'callee') ?? node, 'property')?.name
  if (name !== 'require' && name !== 'getBuiltinModule') return []
  const [given] = listAt(node, 'arguments')
  // `require` exists only where something made it, which is found itself; of ours there are others of that name.
  if (given === undefined || !isWritten(given)) return name === 'require' ? [] : [name]
  return textOf(given).filter((module) => MODULES.test(module))
}

/** A global of that kind wherever it stands as a value, and the global object where it is handed on whole. */
function globalIn({ name, member }: Use): readonly string[] {
  if (GLOBALS.has(name)) return [name]
  if (!HOLDERS.has(name)) return []
  if (member === undefined) return [name]
  return MEMBERS.has(member) || HOLDERS.has(member) ? [member] : []
}
