/** Where code opens a connection, or looks up a name, by itself. */
import { listAt, type Node, nodeAt, nodesOf, type Syntax } from './syntax.ts'

/** Modules that reach the network. Their types do not. */
const MODULES =
  /^(?:node:)?(?:http|https|http2|net|tls|dns|dns\/promises|dgram|inspector)$|^(?:undici|axios|got|node-fetch|cross-fetch|isomorphic-fetch|ky|superagent|ws|needle|request)(?:\/|$)/

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

/** Globals that do. */
const GLOBALS = new Set([
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'WebTransport',
  'RTCPeerConnection',
])
const MEMBERS = new Set(['sendBeacon', 'importScripts', ...GLOBALS])

/**
 * What a file could reach the network with: names of modules and of globals; empty where it cannot. To
 * listen is not to reach.
 */
export function outgoingIn({ root }: Syntax): readonly string[] {
  const declared = new Set(nodesOf(root).flatMap(declaredIn))
  const found = nodesOf(root).flatMap((node) => [...moduleIn(node), ...globalIn(node, declared)])
  return [...new Set(found)]
}

/** An import of values; what is imported as a type is gone when the code runs. */
function moduleIn(node: Node): readonly string[] {
  const isImport = node.type === 'ImportDeclaration' && node.importKind !== 'type'
  const isOther = /^(?:ImportExpression|ExportAllDeclaration|ExportNamedDeclaration)$/.test(node.type)
  if (!(isImport || (isOther && node.exportKind !== 'type'))) return requiredIn(node)
  const specifiers = listAt(node, 'specifiers')
  const isHarmless = specifiers.length > 0 && specifiers.every(reachesNothing)
  const source = nodeAt(node, 'source')?.value
  return typeof source === 'string' && MODULES.test(source) && !isHarmless ? [source] : []
}

function reachesNothing(specifier: Node): boolean {
  const name = (nodeAt(specifier, 'imported') ?? nodeAt(specifier, 'local'))?.name
  const isNamed = specifier.type === 'ImportSpecifier' || specifier.type === 'ExportSpecifier'
  return (specifier.importKind ?? specifier.exportKind) === 'type' || (isNamed && HARMLESS.has(String(name)))
}

function requiredIn(node: Node): readonly string[] {
  if (node.type !== 'CallExpression') return []
  const name = nodeAt(node, 'callee')?.name ?? nodeAt(nodeAt(node, 'callee') ?? node, 'property')?.name
  const given = listAt(node, 'arguments')[0]?.value
  const isLoading = name === 'require' || name === 'getBuiltinModule'
  return isLoading && typeof given === 'string' && MODULES.test(given) ? [given] : []
}

/** A global that is called, made, or taken from the global object; a parameter of that name is none. */
function globalIn(node: Node, declared: ReadonlySet<string>): readonly string[] {
  const used = [
    ...(/^(?:Call|New)Expression$/.test(node.type) ? [nodeAt(node, 'callee')] : []),
    ...(node.type === 'CallExpression' ? listAt(node, 'arguments') : []),
    ...(node.type === 'VariableDeclarator' ? [nodeAt(node, 'init')] : []),
    ...(node.type === 'Property' && node.shorthand !== true ? [nodeAt(node, 'value')] : []),
  ]
  const names = used.flatMap((one) =>
    one?.type === 'Identifier' && typeof one.name === 'string' ? one.name : [],
  )
  const globals = names.filter((name) => GLOBALS.has(name) && !declared.has(name))
  return node.type === 'MemberExpression' ? [...globals, ...memberOfGlobal(node)] : globals
}

function memberOfGlobal(node: Node): readonly string[] {
  const object = nodeAt(node, 'object')?.name
  const property = nodeAt(node, 'property')
  const name = property?.name ?? property?.value
  const isGlobal =
    object === 'globalThis' || object === 'window' || object === 'self' || object === 'navigator'
  return isGlobal && typeof name === 'string' && MEMBERS.has(name) ? [name] : []
}

/** Names that a file gives by itself: parameters, and what is taken out of them. */
function declaredIn(node: Node): readonly string[] {
  const isFunction = /Function|TSParameterProperty/.test(node.type)
  const patterns = [
    ...(isFunction ? listAt(node, 'params') : []),
    ...(node.type === 'VariableDeclarator' ? [nodeAt(node, 'id')] : []),
    ...(isFunction ? [nodeAt(node, 'id')] : []),
  ]
  return patterns.flatMap((pattern) =>
    pattern === undefined
      ? []
      : nodesOf(pattern).flatMap(({ type, name }) =>
          type === 'Identifier' && typeof name === 'string' ? name : [],
        ),
  )
}
