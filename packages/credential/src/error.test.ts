import { expect, test } from 'vitest'
import { CredentialError } from './error.ts'

test('an error carries its code, and its cause where there is one', () => {
  const cause = new Error('why')
  expect(new CredentialError('did_malformed', 'what', { cause })).toMatchObject({
    name: 'CredentialError',
    code: 'did_malformed',
    message: 'what',
    cause,
  })
  expect(new CredentialError('did_malformed', 'what', { cause: undefined })).not.toHaveProperty('cause')
  expect(new CredentialError('did_malformed', 'what')).not.toHaveProperty('cause')
})
