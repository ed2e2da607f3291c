/** When a message was written, as the server says, as far as that is known here. */
export function timeOf({ acceptedAt, time, receivedAt, sentAt }) {
  return acceptedAt ?? time ?? receivedAt ?? sentAt;
}
