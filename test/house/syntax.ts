/**
 * What a source file says, read from its syntax tree: a word in a comment or in a text is never taken for code,
 * and a test that is commented out is no test.
 */
import { parseSync } from 'vite'

/** A node of the syntax tree, as far as all nodes are alike. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

export interface Syntax {
  readonly root: Node
  /** Specifiers of everything that is imported or re-exported, with or without `type`. */
  readonly imports: readonly string[]
  readonly exports: readonly Export[]
  /** Text of each comment, without its marks. */
  readonly comments: readonly string[]
}

export interface Export {
  /** Absent for `export * from`. */
  readonly name?: string
  /** The module that it is taken from; absent where it is declared here. */
  readonly from?: string
}

/** @throws {Error} where the file is no TypeScript */
export function syntaxOf(path: string, text: string): Syntax {
  const { program, module, comments, errors } = parseSync(path, text)
  const [error] = errors
  if (error !== undefined) throw new Error(`${path}: ${error.message}`)
  const root: unknown = program
  if (!isNode(root)) throw new Error(`${path} has no syntax tree`)
  const dynamic = nodesOf(root).flatMap((node) =>
    node.type === 'ImportExpression' ? textAt(node, 'source') : [],
  )
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.map(({ exportName, moduleRequest }) => ({
      ...(exportName.name === null ? {} : { name: exportName.name }),
      ...(moduleRequest === null ? {} : { from: moduleRequest.value }),
    })),
  )
  return {
    root,
    imports: [
      ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...exports.flatMap(({ from }) => from ?? []),
      ...dynamic,
    ],
    exports,
    comments: comments.map(({ value }) => value),
  }
}

/** A node and everything below it, in the order of the text. */
export function nodesOf(node: Node): readonly Node[] {
  const found: Node[] = []
  const open: Node[] = [node]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next)
    open.push(...childrenOf(next).reverse())
  }
  return found
}

/** The text of a literal in a member of a node; the beginning of one that has something put in. */
export function textAt(node: Node, member: string): readonly string[] {
  const literal = node[member]
  return isNode(literal) ? textOf(literal) : []
}

/** The text of a literal, or where something is put in, what stands before it. */
export function textOf(node: Node): readonly string[] {
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value]
  if (node.type !== 'TemplateLiteral') return []
  const [first] = listAt(node, 'quasis')
  const value = first?.value
  return typeof value === 'object' && value !== null && 'raw' in value ? [String(value.raw)] : []
}

export function nodeAt(node: Node, member: string): Node | undefined {
  const child = node[member]
  return isNode(child) ? child : undefined
}

export function listAt(node: Node, member: string): readonly Node[] {
  const children = node[member]
  return Array.isArray(children) ? children.filter(isNode) : []
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((member) => {
    if (Array.isArray(member)) return member.filter(isNode)
    return isNode(member) ? [member] : []
  })
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}
