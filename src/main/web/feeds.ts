// The open feeds: one server-sent event stream per watching screen. A screen that reads slower than the station speaks
// loses frames, never costs memory: once it has caught up it is watched anew, and so begins again with a full frame.
import type { ServerResponse } from 'node:http'
import type { FeedName } from '../../shared/contract/contract.ts'
import type { Desk } from '../desk/desk.ts'
import type { Clock } from '../station/ports.ts'
import { answerRefusal, begin } from './answer.ts'

const maxFeeds = 64
/** More than this not yet taken by a screen: it lags. A full frame of 32 slots is far below. */
const maxBacklogBytes = 256 * 1024
const heartbeatMs = 15_000

export interface Feeds {
  open(name: FeedName, response: ServerResponse): void
  close(): void
}

interface Feed {
  beat(): void
  end(): void
}

export function createFeeds(desk: Desk, clock: Clock): Feeds {
  const feeds = new Set<Feed>()
  const closing = new AbortController()
  void keepBeating(feeds, clock, closing.signal)
  return {
    open: (name, response) => {
      if (feeds.size >= maxFeeds)
        return answerRefusal(response, { status: 503, reason: 'too many screens are watching' })
      const feed = openFeed(desk, name, response)
      feeds.add(feed)
      response.on('close', () => feeds.delete(feed))
    },
    close: () => {
      closing.abort()
      for (const feed of feeds) feed.end()
    },
  }
}

function openFeed(desk: Desk, name: FeedName, response: ServerResponse): Feed {
  begin(response, 200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.write('retry: 1000\n\n')
  let missed = false
  let beatsBehind = 0
  const lags = () => response.writableLength > maxBacklogBytes
  const watch = () =>
    desk.watch(name, (frame) => {
      if (response.writableEnded || response.destroyed) return
      if (lags()) missed = true
      else response.write(`data: ${JSON.stringify(frame)}\n\n`)
    })
  let stop = watch()
  response.on('drain', () => {
    beatsBehind = 0
    if (!missed) return
    missed = false
    stop()
    stop = watch()
  })
  response.on('close', () => stop())
  return {
    beat: () => {
      beatsBehind = lags() ? beatsBehind + 1 : 0
      if (beatsBehind > 2) response.destroy()
      else if (beatsBehind === 0) response.write(': beat\n\n')
    },
    end: () => response.end(),
  }
}

/** A comment now and then shows a dead connection to both ends. */
async function keepBeating(feeds: ReadonlySet<Feed>, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(heartbeatMs, signal).catch(() => undefined)
    if (!signal.aborted) for (const feed of feeds) feed.beat()
  }
}
