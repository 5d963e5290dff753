import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')
const browser = '/sdk/src/primitives/browser.ts'

/**
 * Serves one page that runs a module of this repository, and every module that it imports, as they are but for types:
 * no bundler, so that a worker is what the SDK says. `policy` is the page's content security policy.
 */
export async function serveModules(module: string, policy: string): Promise<{ url: string; close(): Promise<void> }> {
  const html = `<!doctype html><title>modules</title><script type="module" nonce="page" src="/${module}"></script>`
  const server = createServer(async ({ url = '/' }, response) => {
    try {
      const body = url === '/' ? html : await moduleAt(new URL(url, 'http://page').pathname)
      const type = url === '/' ? 'text/html' : 'text/javascript'
      response.writeHead(200, { 'content-type': type, ...(url === '/' && { 'content-security-policy': policy }) })
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A module with the addresses that a browser needs: it knows no packages. */
async function moduleAt(name: string): Promise<string> {
  const text = await readFile(path.join(root, path.normalize(name)), 'utf8')
  const script = name.endsWith('.ts') ? stripTypeScriptTypes(text) : text
  return script
    .replaceAll(/ from '(?:#primitives|@sharewell\/sdk\/primitives)'/g, ` from '${browser}'`)
    .replaceAll(/ from '(@noble\/[^']+)'/g, ` from '/node_modules/$1'`)
}
