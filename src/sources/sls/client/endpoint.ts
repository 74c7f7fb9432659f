// The address of Simple Log Service in a region, and how a project is reached there.
import { isIP } from 'node:net'

export interface SlsEndpoint {
  readonly isTls: boolean
  /** A name, or an IPv4 address. */
  readonly host: string
  readonly port: number
  readonly isDefaultPort: boolean
}

/** What a connection is made to, and what the `Host` header says. */
export interface ProjectAddress {
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  readonly hostHeader: string
}

/** Reads `cn-hangzhou.log.aliyuncs.com`, with or without a scheme and a port; https unless it says http. Null for anything else. */
export function readEndpoint(text: string): SlsEndpoint | null {
  const match = /^(?:(https?):\/\/)?([^/?#@\s]+)\/?$/i.exec(text)
  if (match === null) return null
  const isTls = match[1]?.toLowerCase() !== 'http'
  const url = parseUrl(`${isTls ? 'https' : 'http'}://${match[2]}`)
  // Nothing can stand in front of an IPv6 address, which is in brackets here.
  if (url === null || !/^[a-z0-9.-]{1,255}$/.test(url.hostname)) return null
  const standard = isTls ? 443 : 80
  const port = url.port === '' ? standard : Number(url.port)
  return { isTls, host: url.hostname, port, isDefaultPort: port === standard }
}

const parseUrl = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)

/** Projects are names of three to 63 lower-case letters, digits and hyphens. */
export const isProjectName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text)

/**
 * The project is the first label of the host. Addresses have no names below them, and `localhost` has none that everybody's
 * resolver knows: there the connection is made to the endpoint itself, and only the header names the project.
 */
export function projectAddress(endpoint: SlsEndpoint, project: string): ProjectAddress {
  const { host, port, isTls, isDefaultPort } = endpoint
  const isItself = isIP(host) !== 0 || host === 'localhost'
  const name = `${project}.${host}`
  return {
    host: isItself ? host : name,
    port,
    isTls,
    hostHeader: isDefaultPort ? name : `${name}:${port}`,
  }
}

/** The region's id, where the host names it: `cn-hangzhou[-intranet|-share].log.aliyuncs.com`. */
export function regionOf(endpoint: SlsEndpoint): string | null {
  return /^([a-z0-9-]+?)(?:-intranet|-share)?\.log\.aliyuncs\.com$/.exec(endpoint.host)?.[1] ?? null
}
