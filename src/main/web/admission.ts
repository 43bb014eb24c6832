// Who may come in: a one-time token from an address that this station printed is exchanged for the cookie of a session.
// Everything is kept in memory and ends with the process; what is kept are hashes, so looking one up tells nothing by
// its timing.
import { createHash, randomBytes } from 'node:crypto'

export interface Admission {
  /** 256 random bits for the address that a person opens. Good once. */
  newToken(): string
  /** The secret of a new session; null for a token that is unknown or was used. */
  exchange(token: string): string | null
  admits(secret: string): boolean
}

const maxTokens = 16
const maxSessions = 64

export function createAdmission(): Admission {
  const tokens = new Set<string>()
  const sessions = new Set<string>()
  return {
    newToken: () => issue(tokens, maxTokens),
    exchange: (token) => (tokens.delete(hashOf(token)) ? issue(sessions, maxSessions) : null),
    admits: (secret) => sessions.has(hashOf(secret)),
  }
}

/** A new secret, whose hash joins the set; beyond `max` the oldest leaves. */
function issue(hashes: Set<string>, max: number): string {
  const secret = randomBytes(32).toString('base64url')
  hashes.add(hashOf(secret))
  const [oldest] = hashes
  if (hashes.size > max && oldest !== undefined) hashes.delete(oldest)
  return secret
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
