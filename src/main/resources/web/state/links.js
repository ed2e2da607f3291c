/** Finds the web addresses in a text. Nothing but http and https becomes a link by itself. */
const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`\\\p{Cc}\p{Cf}]+/giu;
const CLEAN = /^[^\s<>"'`\\\p{Cc}\p{Cf}]+$/u;
const MAIL = /^mailto:[a-z0-9.+_-]{1,64}@[a-z0-9.-]{1,253}$/iu;
const PUNCTUATION = new Set('.,:;!?…*_~”’»');
const BRACKETS = ['()', '[]', '{}'];
const ADDRESS_CHARS_MAX = 2048;

/**
 * Splits a text into parts {text, href?}; joined, the texts are the whole text again.
 * An address with a user name in it, such as `https://bank.example@evil.example`, stays text.
 */
export function splitLinks(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = trimTail(match[0]);
    const href = safeHref(shown);
    if (href !== null) {
      if (match.index > end) {
        parts.push({ text: text.slice(end, match.index) });
      }
      parts.push({ text: shown, href });
      end = match.index + shown.length;
    }
  }
  if (end < text.length) {
    parts.push({ text: text.slice(end) });
  }
  return parts;
}

/** Where words may lead: a web address as above, or a mail address and nothing besides. */
export function safeAddress(address) {
  if (!/^mailto:/iu.test(address)) return CLEAN.test(address) ? safeHref(address) : null;
  return MAIL.test(address) ? address : null;
}

/** Leaves out what closes the sentence around an address: punctuation and unpaired brackets. */
function trimTail(candidate) {
  const unpaired = {};
  for (const [open, close] of BRACKETS) {
    unpaired[close] = count(candidate, close) - count(candidate, open);
  }
  let end = candidate.length;
  while (PUNCTUATION.has(candidate[end - 1]) || unpaired[candidate[end - 1]] > 0) {
    end -= 1;
    unpaired[candidate[end]] -= 1;
  }
  return candidate.slice(0, end);
}

function count(text, char) {
  return text.split(char).length - 1;
}

function safeHref(address) {
  if (address.length > ADDRESS_CHARS_MAX || !URL.canParse(address)) {
    return null;
  }
  const url = new URL(address);
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  return web && url.hostname !== '' && url.username === '' && url.password === ''
    ? url.href : null;
}
