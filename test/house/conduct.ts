/** What the code of a file does that some rooms must not: wait, look at the world, talk the types away. */
import { listAt, type Node, nodeAt, nodesOf, type Syntax } from './syntax.ts'

/** Names of what makes a file wait: `async`, `await`, `.then`; empty where it never does. */
export function waitsIn({ root }: Syntax): readonly string[] {
  return namesOf(root, (node) => {
    if (node.type === 'AwaitExpression') return 'await'
    if (node.async === true) return 'async'
    if (node.type === 'ForOfStatement' && node.await === true) return 'await'
    return memberCalled(node)?.[1] === 'then' ? '.then' : undefined
  })
}

const WORLD = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'crypto.getRandomValues',
  'crypto.randomUUID',
])

/** Where a file asks the world for the time or for randomness by itself. */
export function worldIn({ root }: Syntax): readonly string[] {
  return namesOf(root, (node) => {
    const called = memberCalled(node)?.join('.')
    if (called !== undefined && WORLD.has(called)) return called
    const makesDate = node.type === 'NewExpression' && nameAt(node, 'callee') === 'Date'
    return makesDate && listAt(node, 'arguments').length === 0 ? 'new Date()' : undefined
  })
}

/** Where a file says `any`, or tells the compiler to look away. */
export function silencingIn({ root, comments }: Syntax): readonly string[] {
  const silenced = comments.flatMap(
    (comment) => /@ts-(?:ignore|expect-error|nocheck)\b/.exec(comment)?.[0] ?? [],
  )
  return [...namesOf(root, ({ type }) => (type === 'TSAnyKeyword' ? 'any' : undefined)), ...silenced]
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

/** Lines of the longest function. */
export function longestFunction({ root }: Syntax, text: string): number {
  const lengths = nodesOf(root)
    .filter(({ type }) => FUNCTIONS.has(type))
    .map(({ start, end }) => text.slice(start, end).split('\n').length)
  return Math.max(0, ...lengths)
}

function namesOf(root: Node, nameOf: (node: Node) => string | undefined): readonly string[] {
  return [...new Set(nodesOf(root).flatMap((node) => nameOf(node) ?? []))]
}

/** `object.member(…)`, as those two names; the object's is empty where it is not a plain name. */
function memberCalled(node: Node): readonly [string, string] | undefined {
  if (node.type !== 'CallExpression') return undefined
  const callee = nodeAt(node, 'callee')
  if (callee?.type !== 'MemberExpression') return undefined
  return [nameAt(callee, 'object'), nameAt(callee, 'property')]
}

function nameAt(node: Node, member: string): string {
  const child = nodeAt(node, member)
  return child?.type === 'Identifier' && typeof child.name === 'string' ? child.name : ''
}
