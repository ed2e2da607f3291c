/**
 * Inside a transaction: what a new account, or a new device of one, knows of its own user. The row
 * of contacts is for what is sent to the user's other devices.
 *
 * @param {object} account the row of `meta`
 */
export function beginOwnContact({ contacts, ownLists }, { user, deviceList, listHash }) {
  const { accountKey, version } = deviceList;
  const pin = { accountKey, version, hash: listHash };
  contacts.put({ user, pin, list: deviceList, verified: false, sentN: 0, behind: false });
  ownLists.put(deviceList);
}
