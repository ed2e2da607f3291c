/**
 * Puts a server under load and measures it. What the server checks is real: envelopes, signatures,
 * tokens, numbers, digests. What it cannot tell from random bytes is random bytes.
 */
package chat.sotto.load;
