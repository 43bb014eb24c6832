// Lets the browser fetch a file that the station has ready: a link that is pressed and taken away.

export function fetchDownload(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  document.body.append(link)
  link.click()
  link.remove()
}
