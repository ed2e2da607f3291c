/** Who is writing, as the server in the page passes it on (docs/protocol.md §5.2). */

import { fromBase64url } from '/crypto/bytes.js';
import { isMember } from '/group/rights.js';

export async function passTyping(server, { to, group, sealed }, { user, deviceId }) {
  const push = { fromUser: user, fromDevice: deviceId, sealed: fromBase64url(sealed) };
  if (group) push.group = group;
  for (const name of to ? [to] : membersFor(server, group, user)) {
    const devices = server.users.get(name)?.devices.values() ?? [];
    for (const { connection } of devices) await connection?.push('typing', push);
  }
  return { type: 'done' };
}

function membersFor({ groups }, group, user) {
  const { membership } = groups.logs.get(group);
  if (!isMember(membership, user)) return [];
  return [...membership.rows.keys()].filter(name => name !== user && isMember(membership, name));
}
