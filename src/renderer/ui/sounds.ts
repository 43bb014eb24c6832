// Sounds made by oscillators, no files. Rhythm carries the meaning, so that they are told apart in noise and with poor
// hearing: pass is one short rising pair, fail is three slow low tones.

export type Cue = 'pass' | 'fail'

interface Tone {
  readonly hertz: number
  readonly startSeconds: number
  readonly lengthSeconds: number
  readonly loudness: number
}

const tones: Readonly<Record<Cue, readonly Tone[]>> = {
  pass: [
    { hertz: 660, startSeconds: 0, lengthSeconds: 0.1, loudness: 0.2 },
    { hertz: 990, startSeconds: 0.12, lengthSeconds: 0.14, loudness: 0.2 },
  ],
  fail: [0, 0.55, 1.1].map((startSeconds) => ({ hertz: 196, startSeconds, lengthSeconds: 0.4, loudness: 0.35 })),
}

let context: AudioContext | null = null

/** Does nothing where the browser has no sound. */
export function playCue(cue: Cue): void {
  if (typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  void context.resume()
  for (const tone of tones[cue]) playTone(context, tone)
}

/** Soft edges: a tone that starts at once clicks. */
function playTone(audio: AudioContext, tone: Tone): void {
  const start = audio.currentTime + tone.startSeconds
  const end = start + tone.lengthSeconds
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  oscillator.frequency.value = tone.hertz
  gain.gain.setValueAtTime(0, start)
  gain.gain.linearRampToValueAtTime(tone.loudness, start + 0.015)
  gain.gain.setValueAtTime(tone.loudness, end - 0.02)
  gain.gain.linearRampToValueAtTime(0, end)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(start)
  oscillator.stop(end)
}
