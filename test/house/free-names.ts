/** Names that a file uses as values and does not declare where it uses them: those of the platform. */
import { listAt, type Node, nodeAt } from './syntax.ts'

/** A use of a name, and the member that is taken of it where that is written out. */
export interface Use {
  readonly name: string
  readonly member?: string
}

/** Every use of a name that nothing around it declares; what is written as a type is none. */
export function freeNamesIn(root: Node): readonly Use[] {
  const found: Use[] = []
  visit(root, new Set(), found)
  return found
}

/** Wrappers of a value: all else whose type begins so is about types alone, and gone when the code runs. */
const VALUES_IN_TYPES =
  /^TS(?:As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$|^TSParameterProperty$/
const FUNCTIONS = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/
const BLOCKS = /^(?:Program|BlockStatement|StaticBlock)$/
const LOOPS = /^For(?:In|Of)?Statement$/

function visit(node: Node, declared: ReadonlySet<string>, found: Use[]): void {
  if (node.type.startsWith('TS') && !VALUES_IN_TYPES.test(node.type)) return
  if (node.type === 'Identifier') {
    const name = String(node.name)
    if (!declared.has(name)) found.push({ name })
    return
  }
  if (/^(?:Import|Export)(?:Declaration|AllDeclaration)$/.test(node.type)) return
  const within = new Set([...declared, ...declaredIn(node)])
  const member = useOfMember(node, within)
  if (member !== undefined) {
    found.push(member)
    return
  }
  for (const child of valuesIn(node)) visit(child, within, found)
}

/** `object.member`, and `object['member']`. */
function useOfMember(node: Node, declared: ReadonlySet<string>): Use | undefined {
  if (node.type !== 'MemberExpression') return undefined
  const object = nodeAt(node, 'object')
  const property = nodeAt(node, 'property')
  const member = node.computed === true ? property?.value : property?.name
  if (object?.type !== 'Identifier' || typeof member !== 'string') return undefined
  const name = String(object.name)
  return declared.has(name) ? undefined : { name, member }
}

/** What below a node is run: not the names of members, labels and exports. */
function valuesIn(node: Node): readonly Node[] {
  const isNamed = /^(?:Property|PropertyDefinition|MethodDefinition|AccessorProperty)$/.test(node.type)
  const skipped = new Set([
    ...(isNamed && node.computed !== true ? ['key'] : []),
    ...(node.type === 'MemberExpression' && node.computed !== true ? ['property'] : []),
    ...(/^(?:Labeled|Break|Continue)Statement$/.test(node.type) ? ['label'] : []),
    ...(node.type === 'ExportSpecifier' ? ['exported'] : []),
    ...(node.type === 'ExportNamedDeclaration' && node.source ? ['specifiers'] : []),
    ...(node.type === 'MetaProperty' ? ['meta', 'property'] : []),
  ])
  return Object.keys(node)
    .filter((name) => !skipped.has(name))
    .flatMap((name) => nodeAt(node, name) ?? listAt(node, name))
}

/** Names that hold inside of a node. */
function declaredIn(node: Node): readonly string[] {
  if (FUNCTIONS.test(node.type))
    return [...namesIn(nodeAt(node, 'id')), ...listAt(node, 'params').flatMap(namesIn)]
  if (BLOCKS.test(node.type)) return listAt(node, 'body').flatMap(declaredBy)
  if (LOOPS.test(node.type)) return [nodeAt(node, 'init'), nodeAt(node, 'left')].flatMap(declaredBy)
  if (node.type === 'SwitchCase') return listAt(node, 'consequent').flatMap(declaredBy)
  if (node.type === 'CatchClause') return namesIn(nodeAt(node, 'param'))
  return /^Class(?:Declaration|Expression)$/.test(node.type) ? namesIn(nodeAt(node, 'id')) : []
}

function declaredBy(statement: Node | undefined): readonly string[] {
  if (statement === undefined) return []
  if (statement.type === 'VariableDeclaration')
    return listAt(statement, 'declarations').flatMap((one) => namesIn(nodeAt(one, 'id')))
  if (statement.type === 'ImportDeclaration')
    return listAt(statement, 'specifiers').flatMap((one) => namesIn(nodeAt(one, 'local')))
  if (/^Export(?:Named|Default)Declaration$/.test(statement.type))
    return declaredBy(nodeAt(statement, 'declaration'))
  return /^(?:FunctionDeclaration|ClassDeclaration|TSEnumDeclaration|TSDeclareFunction)$/.test(statement.type)
    ? namesIn(nodeAt(statement, 'id'))
    : []
}

/** Names that a pattern gives. */
function namesIn(pattern: Node | undefined): readonly string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [String(pattern.name)]
    case 'ObjectPattern':
      return listAt(pattern, 'properties').flatMap((one) => namesIn(nodeAt(one, 'value') ?? one))
    case 'ArrayPattern':
      return listAt(pattern, 'elements').flatMap(namesIn)
    case 'AssignmentPattern':
      return namesIn(nodeAt(pattern, 'left'))
    case 'RestElement':
      return namesIn(nodeAt(pattern, 'argument'))
    case 'TSParameterProperty':
      return namesIn(nodeAt(pattern, 'parameter'))
    default:
      return []
  }
}
