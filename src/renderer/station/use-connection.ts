// Whether the station can be reached, for the banner that says so.
import { useEffect, useState } from 'react'
import type { Connection } from './link.ts'
import { useStation } from './station-context.tsx'

export function useConnection(): Connection {
  const { link } = useStation()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => link.watchConnection(setConnection), [link])
  return connection
}
