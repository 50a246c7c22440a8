/**
 * Pages on which a person is told what a wallet would get, and agrees or not. Plain HTML: no script, nothing from
 * elsewhere, readable without styles and by screen readers.
 */
import { escapeHtml, type UserAsked } from '@facet-id/issuer/authorization'

export interface ConsentPage {
  readonly asked: UserAsked
  /** What the credentials are called, by configuration; absent: they are called by their configuration. */
  readonly titles: Readonly<Record<string, string>>
  /** Who logged in, as it is shown; absent: the page asks. */
  readonly person?: string
  /** Said above everything, where something has to be said. */
  readonly notice?: string
}

export function consentPage({ asked, titles, person, notice }: ConsentPage): string {
  const { client, configurationIds, flow, answerUrl, redirectUri } = asked
  const names = configurationIds.map((id) => `<li>${escapeHtml(titleOf(titles, id))}</li>`).join('')
  const wallet = escapeHtml(client.name ?? client.clientId)
  const proven = client.proven
    ? 'It has proven that it is this wallet.'
    : 'It has not proven that it is this wallet: go on only if you have just opened it yourself.'
  const who =
    person === undefined
      ? '<p><label>Who are you? <input name="subject" autocomplete="username" required maxlength="200"></label></p>'
      : `<p>You are logged in as <strong>${escapeHtml(person)}</strong>.</p>`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Give ${wallet} your credentials?</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:2rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem;margin-right:1rem}.notice{border-left:.3rem solid #b00;padding-left:1rem}</style>
<body>
<main>
${notice === undefined ? '' : `<p class="notice" role="alert">${escapeHtml(notice)}</p>`}
<h1>Give ${wallet} your credentials?</h1>
<p>It would get:</p>
<ul>${names}</ul>
<p>${proven}</p>
<p>Afterwards you are led back to <code>${escapeHtml(redirectUri)}</code>.</p>
<form method="post" action="${escapeHtml(answerUrl)}">
<input type="hidden" name="flow" value="${escapeHtml(flow)}">
${who}
<p><button name="decision" value="agree">Agree</button><button name="decision" value="decline" formnovalidate>Decline</button></p>
</form>
</main>
</body>
</html>
`
}

export function titleOf(titles: Readonly<Record<string, string>>, id: string): string {
  return Object.hasOwn(titles, id) ? (titles[id] ?? id) : id
}
