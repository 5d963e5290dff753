import { BaseError } from '@sharewell/sdk/errors'
import { expect } from 'chai'

describe('errors', () => {
  it('carries a code for machines and hints for people', () => {
    const error = new BaseError('EXAMPLE', 'It went wrong.', { hints: ['Try again.'], cause: new Error('below') })
    expect(error.code).to.equal('EXAMPLE')
    expect(error.message).to.equal('It went wrong.\n- Try again.')
    expect(error.walk((cause) => cause instanceof Error && cause.message === 'below')).to.be.instanceOf(Error)
  })
})
