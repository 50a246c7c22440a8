/** A person at a browser: opens pages, keeps cookies, presses the button of a form, and follows where it leads. */

export interface Person {
  /** Logs in as that subject and agrees; yields the address at which the browser ends up, which it does not open. */
  agree(url: string, subject: string): Promise<string>
  /** The same with a no. */
  decline(url: string): Promise<string>
  /** What is shown at an address. */
  see(url: string): Promise<{ readonly status: number; readonly text: string }>
}

export function personAtBrowser(): Person {
  const cookies = new Map<string, string>()

  async function send(url: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie, ...(form === undefined ? {} : { origin: new URL(url).origin }) },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    return response
  }

  async function press(url: string, form: Readonly<Record<string, string>>): Promise<string> {
    const shown = await (await send(url)).text()
    const [, action = ''] = /action="([^"]+)"/.exec(shown) ?? []
    const [, flow = ''] = /name="flow" value="([^"]+)"/.exec(shown) ?? []
    const response = await send(action, { flow, ...form })
    return response.headers.get('location') ?? ''
  }

  return {
    agree: (url, subject) => press(url, { subject, decision: 'agree' }),
    decline: (url) => press(url, { subject: '', decision: 'decline' }),
    async see(url) {
      const response = await send(url)
      return { status: response.status, text: await response.text() }
    },
  }
}
