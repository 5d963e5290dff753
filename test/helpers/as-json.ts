/** Header of a request whose body is JSON; `fetch` calls a text `text/plain`. */
export const asJson = { 'content-type': 'application/json' }
