/** From what people write as the address of their website to the origins from which its pages come. */

/** "shop.example/start" gives `https://shop.example` and, since visitors use either, `https://www.shop.example`. */
export function originsOf(address: string): string[] {
  const typed = address.trim()
  let url: URL
  try {
    url = new URL(/^https?:\/\//i.test(typed) ? typed : `https://${typed}`)
  } catch {
    return [typed] // the server says what is wrong with it
  }
  const { host, hostname, protocol } = url
  const twin = hostname.startsWith('www.') ? host.slice(4) : /^[^.]+\.[a-z]{2,}$/.test(hostname) ? `www.${host}` : undefined
  return [host, twin].filter((one) => one !== undefined).map((one) => `${protocol}//${one}`)
}
