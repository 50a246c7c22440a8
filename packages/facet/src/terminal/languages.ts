/** The languages of whoever sits at the terminal, as the environment says (POSIX `LC_ALL`, `LC_MESSAGES`, `LANG`). */
import type { Terminal } from './output.ts'

/** Best first; English where nothing is said. */
export function languagesOf({ environment }: Pick<Terminal, 'environment'>): readonly string[] {
  const said = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || ''
  const [, language, region] = /^([a-z]{2,3})(?:_([A-Z]{2}))?(?:[.@]|$)/.exec(said) ?? []
  if (language === undefined) return ['en']
  return [region === undefined ? language : `${language}-${region}`, 'en']
}
