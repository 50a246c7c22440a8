/** The entry of the page: hands its tests and services to whoever drives it. */
import type { WycheproofFiles } from '@facet-id/crypto/contract'
import type { IndexedDb } from '@facet-id/crypto/holder-keys'
import { createPageRunner, type PageRunner } from './page-runner.ts'
import { pageServices, registerPageTests } from './page-tests.ts'

export interface FacetPage {
  readonly services: typeof pageServices
  begin(wycheproof: WycheproofFiles | undefined): readonly string[]
  run(title: string): Promise<string | undefined>
}

declare global {
  // A page has nothing else to be driven by.
  var facet: FacetPage
  var indexedDB: IndexedDb
}

const runner: PageRunner = createPageRunner()

globalThis.facet = {
  services: pageServices,
  begin(wycheproof) {
    registerPageTests(runner, globalThis.indexedDB, wycheproof)
    return runner.titles
  },
  run: runner.run,
}
