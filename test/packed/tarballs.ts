/**
 * Packs every package that is published, in a copy of the workspace: the checkout stays as it is, and two runs do
 * not disturb each other.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPnpm } from '../../scripts/package-manager.mjs'
import { type Manifest, manifestOf, packages, root } from '../house/tree.ts'
import { mustRun, type Program } from './run.ts'

export interface Tarball {
  /** Of the package, without the scope. */
  readonly name: string
  readonly path: string
  /** As it is packed. */
  readonly manifest: Manifest
  /** Of the unpacked package. */
  readonly folder: string
  /** Files in it, with `/`, sorted. */
  readonly files: readonly string[]
}

export interface Tarballs {
  readonly tarballs: readonly Tarball[]
  remove(): Promise<void>
}

export const published: readonly string[] = packages.filter(
  (name) => manifestOf(`packages/${name}`).private !== true,
)

const ROOT_FILES = [
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'LICENSE',
  'tsconfig.base.json',
  'scripts',
]
const PACKAGE_FILES = ['package.json', 'README.md', 'tsconfig.json', 'src', 'node_modules']

export async function packAll(): Promise<Tarballs> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-packed-'))
  try {
    const workspace = join(folder, 'workspace')
    await copyWorkspace(workspace)
    const pnpm = await findPnpm(root)
    const destination = join(folder, 'tarballs')
    const filters = published.map((name) => `--filter=@facet-id/${name}`)
    await mustRun(pnpmRun(pnpm, ['-r', ...filters, 'pack', '--pack-destination', destination]), workspace)
    const tarballs = await Promise.all(published.map((name) => unpack(name, destination, folder)))
    return { tarballs, remove: () => rm(folder, { recursive: true, force: true }) }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** What packing needs, and no more; what is installed is the checkout's own. */
async function copyWorkspace(workspace: string): Promise<void> {
  await Promise.all([
    ...ROOT_FILES.map((path) => copy(path, workspace)),
    ...packages.flatMap((name) => PACKAGE_FILES.map((path) => copy(`packages/${name}/${path}`, workspace))),
  ])
  await symlink(join(root, 'node_modules'), join(workspace, 'node_modules'))
}

/** Links stay links: those among the packages then lead to the copies. */
async function copy(path: string, workspace: string): Promise<void> {
  const options = { recursive: true, verbatimSymlinks: true }
  await cp(join(root, path), join(workspace, path), options).catch((error: NodeJS.ErrnoException) => {
    // A package that depends on nothing has no node_modules.
    if (error.code !== 'ENOENT' || !path.endsWith('/node_modules')) throw error
  })
}

function pnpmRun({ file, args }: Program, more: readonly string[]): Program {
  return { file, args: [...args, ...more] }
}

async function unpack(name: string, destination: string, folder: string): Promise<Tarball> {
  const path = join(destination, `facet-id-${name}-${manifestOf(`packages/${name}`).version}.tgz`)
  const into = join(folder, 'unpacked', name)
  await mkdir(into, { recursive: true })
  await mustRun({ file: 'tar', args: ['-xzf', path, '--strip-components=1'] }, into)
  const entries = await readdir(into, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(into.length + 1)
        .replaceAll('\\', '/'),
    )
  const manifest = JSON.parse(await readFile(join(into, 'package.json'), 'utf8'))
  return { name, path, manifest, folder: into, files: files.sort() }
}
