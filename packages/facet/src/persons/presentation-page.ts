/** The page on which a person is asked to show a credential. Plain HTML, as that of `consent-page.ts`. */
import { escapeHtml, type UserAsked } from '@facet-id/issuer/authorization'
import { titleOf } from './consent-page.ts'

export interface PresentationPage {
  readonly asked: UserAsked
  /** What the credentials are called, by configuration; absent: they are called by their configuration. */
  readonly titles: Readonly<Record<string, string>>
  /** Opens a wallet on this device. */
  readonly link: string
  /** SVG of the operator's own making, for a wallet on another device; absent: there is none. */
  readonly code?: string
  /** Said above everything, where something has to be said. */
  readonly notice?: string
}

export function presentationPage({ asked, titles, link, code, notice }: PresentationPage): string {
  const { client, configurationIds, flow, answerUrl } = asked
  const names = configurationIds.map((id) => `<li>${escapeHtml(titleOf(titles, id))}</li>`).join('')
  const wallet = escapeHtml(client.name ?? client.clientId)
  const elsewhere =
    code === undefined
      ? ''
      : `<h2>With a wallet on another device</h2>
<p>Scan this code with it, only if you opened this page yourself. Then go on here.</p>
<div role="img" aria-label="Code for a wallet on another device">${code}</div>
<p><button name="decision" value="shown">I have shown it</button></p>`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Show who you are</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:2rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem;margin-right:1rem}.notice{border-left:.3rem solid #b00;padding-left:1rem}svg{max-width:20rem}</style>
<body>
<main>
${notice === undefined ? '' : `<p class="notice" role="alert">${escapeHtml(notice)}</p>`}
<h1>Show who you are</h1>
<p>${wallet} would then get:</p>
<ul>${names}</ul>
<h2>With a wallet on this device</h2>
<p><a href="${escapeHtml(link)}">Open your wallet</a>. It leads you back here.</p>
<form method="post" action="${escapeHtml(answerUrl)}">
<input type="hidden" name="flow" value="${escapeHtml(flow)}">
${elsewhere}
<p><button name="decision" value="decline">Decline</button></p>
</form>
</main>
</body>
</html>
`
}
