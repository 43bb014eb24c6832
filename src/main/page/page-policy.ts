// What the page may do, whichever door shows it: its own files and its own station, nothing else. One policy, so that a
// screen that works behind one door works behind the other.

/**
 * react-aria-components puts one style element into the page (touch-action of pressable elements); this is its text's
 * SHA-256. Everything else that is inline is refused.
 */
const pressableStyle = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"

/** Content-Security-Policy of every answer. */
export const contentPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  `style-src 'self' ${pressableStyle}`,
  "img-src 'self' data:",
  "media-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Headers of every answer, pages and data alike. */
export const policyHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=(), bluetooth=()',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}
